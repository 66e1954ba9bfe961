"""Look for a device with WSDiscovery, from before it starts until it has left. Prints "listening", then JSON when it
was found, then JSON when it said Bye.
"""

from __future__ import annotations

import importlib
import json
import threading
from typing import Any

discovery = importlib.import_module("wsdiscovery.discovery")
QName = importlib.import_module("wsdiscovery").QName
Scope = importlib.import_module("wsdiscovery").Scope

PATIENCE = 20
NETWORK = "http://www.onvif.org/ver10/network/wsdl"
ours = QName(NETWORK, "NetworkVideoTransmitter", "dn")
other = QName("http://example.com/printers", "Printer", "p")


def plain(service: Any) -> dict[str, Any]:
    return {
        "endpoint": service.getEPR(),
        "addresses": service.getXAddrs(),
        "types": [kind.getFullname() for kind in service.getTypes()],
        "scopes": [scope.getValue() for scope in service.getScopes()],
    }


def main() -> None:
    hello, bye = threading.Event(), threading.Event()
    told: dict[str, Any] = {}

    def came(service: Any) -> None:
        told["hello"] = plain(service)
        hello.set()

    def left(endpoint: str) -> None:
        told["bye"] = endpoint
        bye.set()

    asking = discovery.ThreadedWSDiscovery()
    asking.setRemoteServiceHelloCallback(came)
    asking.setRemoteServiceByeCallback(left)
    asking.start()
    print("listening", flush=True)
    hello.wait(PATIENCE)
    # What Hello told is forgotten: a search must find by itself.
    for name, types, scopes in (
        ("everything", None, None),
        ("by type", [ours], None),
        ("by scope", None, [Scope("onvif://www.onvif.org/hardware/PX-3216")]),
        ("printers", [other], None),
        ("another model", None, [Scope("onvif://www.onvif.org/hardware/PX-1")]),
    ):
        asking.clearRemoteServices()
        told[name] = [plain(service) for service in asking.searchServices(types, scopes, timeout=2)]
    asking.clearRemoteServices()
    asking._sendResolve(told["by type"][0]["endpoint"])
    bye.wait(2)
    told["resolved"] = [plain(service) for service in asking._remoteServices.values()]
    print(json.dumps(told), flush=True)
    bye.wait(PATIENCE)
    asking.stop()
    print(json.dumps(told), flush=True)


main()
