"""Runs the agent as packaging/sparekey-device.service asks systemd to, as far as a machine without systemd can: a
system that is read-only but for one folder, a user without rights, no memory both writable and executable.

`python -m tests.system.confined WRITABLE[,WRITABLE] UID GID GROUP COMMAND...`, as root in a mount namespace of its own.
"""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
APART = ("/proc", "/sys", "/dev")


def run(*command: str) -> None:
    subprocess.run(command, check=True, timeout=30)


def show(folder: Path) -> None:
    """Let the user reach a folder that lies in somebody's closed home; only here."""
    closed = [above for above in reversed(folder.parents) if not above.stat().st_mode & 0o001]
    if not closed:
        return
    aside = tempfile.mkdtemp()
    run("mount", "--bind", str(folder), aside)
    run("mount", "-t", "tmpfs", "-o", "mode=755", "home", str(closed[0]))
    folder.mkdir(parents=True)
    run("mount", "--bind", aside, str(folder))


def close(writable: list[str]) -> None:
    """ProtectSystem=strict, ReadWritePaths=."""
    for folder in writable:
        run("mount", "--bind", folder, folder)
    mounted = [line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    for place in dict.fromkeys(mounted):
        if place not in writable and not place.startswith(APART) and Path(place).exists():
            run("mount", "-o", "remount,bind,ro", place)


def main() -> None:
    folders, user, group, more, *command = sys.argv[1:]
    run("mount", "--make-rprivate", "/")
    show(Path(sys.base_prefix))
    close(folders.split(","))
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
        print("this kernel cannot refuse memory that is writable and executable", file=sys.stderr)
    rights = ("--no-new-privs", "--bounding-set=-all", "--inh-caps=-all")
    setpriv = ("setpriv", f"--reuid={user}", f"--regid={group}", f"--groups={more}", *rights)
    os.execvp("setpriv", (*setpriv, *command))


if __name__ == "__main__":
    main()
