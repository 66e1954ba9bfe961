"""Response file: the exported request comes back as a signed file that only this device and this request take.

Start: anyone. Challenge: the sealed request, as a file, XML or QR. Proof: the file, with the secret of the request, the
desk's signature and its place in the public log. Grant: a new password for the admin (spec/requests.md section 11).
"""

from __future__ import annotations

from sparekey.core.methods.method import (
    EVERYWHERE,
    Method,
    Recordings,
    always_open,
    new_password,
    ten_minutes,
)
from sparekey.core.methods.response import cameras, judge, learns
from sparekey.core.values import MethodName

METHOD = Method(
    name=MethodName.RESPONSE_FILE,
    faces=EVERYWHERE,
    asks=MethodName.RESPONSE_FILE,
    strong=True,
    needs_desk=True,
    recordings=Recordings.KEPT,
    lasts=ten_minutes,
    closed=always_open,
    action=new_password,
    judge=judge,
    learns=learns,
    cameras=cameras,
)
