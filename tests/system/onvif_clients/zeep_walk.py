"""Walk the Device service with onvif-zeep. Arguments: port, name, password. Prints JSON."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

onvif = importlib.import_module("onvif")
requests = importlib.import_module("requests")
helpers = importlib.import_module("zeep.helpers")


def plain(value: Any) -> Any:
    return helpers.serialize_object(value, dict)


def fault(call: Any, *arguments: Any) -> str:
    try:
        call(*arguments)
    except onvif.ONVIFError as error:
        return str(error)
    return "no fault"


def main(port: int, name: str, password: str) -> None:
    wsdl = Path(str(onvif.__file__)).parents[1] / "wsdl"
    camera = onvif.ONVIFCamera("127.0.0.1", port, name, password, str(wsdl), no_cache=True)
    device = camera.devicemgmt
    added = {"Username": "finder", "Password": "first-secret-1", "UserLevel": "Operator"}
    told: dict[str, Any] = {
        "clock": plain(device.GetSystemDateAndTime()),
        "information": plain(device.GetDeviceInformation()),
        "capabilities": plain(device.GetCapabilities({"Category": "All"}))["Device"],
        "services": [service["XAddr"] for service in plain(device.GetServices(True))],
        "interfaces": plain(device.GetNetworkInterfaces()),
        "scopes": [scope["ScopeItem"] for scope in plain(device.GetScopes())],
        "users": {user["Username"]: user["UserLevel"] for user in plain(device.GetUsers())},
    }
    device.CreateUsers({"User": [added]})
    told["clash"] = fault(device.CreateUsers, {"User": [added]})
    device.SetUser({"User": [added | {"Password": "second-secret-2", "UserLevel": "Administrator"}]})
    second = onvif.ONVIFCamera(
        "127.0.0.1", port, "finder", "second-secret-2", str(wsdl), no_cache=True
    ).devicemgmt
    told["afterwards"] = {user["Username"]: user["UserLevel"] for user in plain(second.GetUsers())}
    told["stranger"] = fault(second.SetUser, {"User": [added | {"Username": "nobody"}]})
    second.DeleteUsers({"Username": ["finder"]})
    told["gone"] = fault(second.GetUsers)
    told["missing"] = fault(device.DeleteUsers, {"Username": ["viewer", "nobody"]})
    told["reboot"] = device.SystemReboot()
    device.SetSystemFactoryDefault({"FactoryDefault": "Soft"})
    address = f"http://127.0.0.1:{port}/onvif/device_service"
    body = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    body += '<GetUsers xmlns="http://www.onvif.org/ver10/device/wsdl"/></e:Body></e:Envelope>'
    answer = requests.post(
        address,
        body,
        headers={"Content-Type": "application/soap+xml"},
        auth=requests.auth.HTTPDigestAuth(name, password),
        timeout=30,
    )
    told["http digest"] = answer.status_code
    print(json.dumps(told, default=str))


main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
