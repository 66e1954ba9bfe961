"""Invented devices, as answers tell of them."""

from __future__ import annotations

from sparekey.lan.discovery.found import Found, Protocol, Way

OURS = Found(
    protocols=(Protocol.SPAREKEY,),
    sender="192.0.2.20",
    ident="8f3c11a2b0d4e596",
    brand="sparekey",
    model="PX-3216",
    name="PX-3216 8F3C",
    addresses=("192.0.2.20",),
    links=("https://192.0.2.20:8543/",),
    activated=True,
)
OTHER = Found(
    protocols=(Protocol.SADP,),
    sender="192.0.2.64",
    brand="Hikvision",
    model="DS-2CD2042",
    serial="DS-2CD204220150101AAWR000000053",
    firmware="V5.4.5",
    macs=("02-00-5e-00-53-64",),
    addresses=("192.0.2.64",),
    activated=False,
    started="1970-01-01 00:00:31",
    ways=frozenset({Way.REQUEST_FILE, Way.MAIL}),
)
