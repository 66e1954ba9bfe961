"""The way to the witnesses by HTTPS."""

from __future__ import annotations

import httpx2

from sparekey.core.errors import UnavailableError
from sparekey.core.tlog.note import NOTE_LIMIT
from sparekey.desk.log.witnesses import Reply
from sparekey.host import tls

TIMEOUT = 5
"""Seconds for each step with a witness."""


def post(url: str, body: bytes) -> Reply:
    """Post to a witness, following nobody elsewhere. Raises UnavailableError."""
    try:
        with (
            httpx2.Client(
                verify=tls.caller(), timeout=TIMEOUT, follow_redirects=False, trust_env=False
            ) as client,
            client.stream("POST", url, content=body, headers={"content-type": "text/plain"}) as reply,
        ):
            taken = b""
            for part in reply.iter_bytes():
                taken += part
                if len(taken) > NOTE_LIMIT:
                    raise UnavailableError("oversize", "the witness answers more than a note")
            return Reply(reply.status_code, taken)
    except httpx2.HTTPError as error:
        raise UnavailableError("witness", f"the witness does not answer ({type(error).__name__})") from None
