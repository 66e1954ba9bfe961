"""Every message, ours to a device and ours from a device, is one that ONVIF's own schema allows.

The schema comes with onvif-zeep-async, which `./dev test` installs below `.cache/peers`; it is compiled by lxml.
Neither is needed but for this.
"""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from sparekey.lan.onvif.client import Call
from sparekey.lan.onvif.device_service import OPERATIONS
from sparekey.lan.onvif.names import ENVELOPE
from tests.lan.onvif.camera import ADMIN, NOW, Camera, post, service
from tests.lan.onvif.test_client import CALLS
from tests.lan.onvif.test_service import ask

PEER = Path(__file__).parents[3] / ".cache" / "peers" / "peer-zeep-async"
SCHEMA = "{http://www.w3.org/2001/XMLSchema}schema"


@pytest.fixture(scope="module")
def etree() -> Any:
    if find_spec("lxml") is None:
        pytest.skip("lxml is not installed")
    return importlib.import_module("lxml.etree")


@pytest.fixture(scope="module")
def schema(etree: Any) -> Any:
    wsdl = next(PEER.glob("lib/python*/site-packages/onvif/wsdl/devicemgmt.wsdl"), None)
    if wsdl is None:
        pytest.skip("onvif-zeep-async, which brings the schema, is not installed: ./dev test installs it")
    types = etree.tostring(etree.parse(wsdl).find(f".//{SCHEMA}"))
    return etree.XMLSchema(etree.fromstring(types, base_url=str(wsdl)))


def check(etree: Any, schema: Any, message: bytes) -> None:
    (inside,) = etree.fromstring(message).find(f"{{{ENVELOPE}}}Body")
    assert schema.validate(etree.fromstring(etree.tostring(inside))), schema.error_log


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_device_answers_is_allowed(etree: Any, schema: Any, operation: str) -> None:
    answer = ask(operation)
    assert answer.status == 200
    check(etree, schema, answer.body)


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.operation)
def test_what_the_client_asks_is_allowed(etree: Any, schema: Any, call: Call[object]) -> None:
    check(etree, schema, call.message(ADMIN, b"nonce", NOW))


def test_services_with_their_capabilities_are_allowed(etree: Any, schema: Any) -> None:
    asked = "<tds:IncludeCapability>true</tds:IncludeCapability>"
    message = Call("GetServices", asked, lambda element: element).message()
    check(etree, schema, service(Camera()).answer(post(message), NOW).body)


def test_another_order_is_not_allowed(etree: Any, schema: Any) -> None:
    body = ask("GetDeviceInformation").body
    maker, model = (
        body[body.index(b"<tds:%s>" % name) : body.index(b"</tds:%s>" % name) + len(name) + 7]
        for name in (b"Manufacturer", b"Model")
    )
    assert maker + model in body
    with pytest.raises(AssertionError):
        check(etree, schema, body.replace(maker + model, model + maker))
