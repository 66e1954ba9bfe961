"""The words that may follow `sparekey`."""

from __future__ import annotations

COMMANDS = {
    "device": ("sparekey.device.__main__", "the agent that runs on a camera or recorder"),
    "desk": ("sparekey.desk.__main__", "the recovery service"),
    "finder": ("sparekey.finder.commands.finder", "the same as screens, for installers"),
    "find": ("sparekey.finder.commands.find", "every camera and recorder on the network"),
    "log": ("sparekey.monitor.__main__", "check a desk's recovery log from outside, or be its witness"),
    "ways": ("sparekey.finder.commands.ways", "which ways back into a device are open"),
    "request": ("sparekey.finder.commands.request", "have devices seal what support needs"),
    "apply": ("sparekey.finder.commands.apply", "hand in an answer or a code, set the new password"),
    "send": ("sparekey.finder.commands.send", "send requests to support"),
    "fetch": ("sparekey.finder.commands.fetch", "how cases stand at support, and their answers"),
    "activate": ("sparekey.finder.commands.activate", "the first password of new devices"),
    "rotate": ("sparekey.finder.commands.rotate", "new passwords for many devices of any make"),
    "network": ("sparekey.finder.commands.network", "give devices other network addresses"),
    "mailbox": ("sparekey.finder.commands.mailbox", "reserve the e-mail address for lost passwords"),
    "forget": ("sparekey.finder.commands.forget", "meet a device anew whose key changed"),
    "inspect": ("sparekey.explain.__main__", "what a file or a scanned text is, without its secrets"),
    "completion": ("sparekey.finder.commands.completion", "what makes your shell complete these words"),
    "profile": ("sparekey.profiles.__main__", "what a profile decides"),
    "demo": ("sparekey.demo.__main__", "a whole site on this machine"),
}
"""Every command: the module whose `main(arguments)` runs it, and what it is."""
COMPLETING = "_SPAREKEY_COMPLETE"
"""Set by a shell that asks how a line may go on (`sparekey completion`)."""
