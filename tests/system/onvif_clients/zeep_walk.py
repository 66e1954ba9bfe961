"""Walk the Device service with onvif-zeep. Arguments: where it is, name, password. Prints JSON."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

onvif = importlib.import_module("onvif")
requests = importlib.import_module("requests")
urllib3 = importlib.import_module("urllib3")
zeep = importlib.import_module("zeep")
helpers = importlib.import_module("zeep.helpers")


def plain(value: Any) -> Any:
    return helpers.serialize_object(value, dict)


def fault(call: Any, *arguments: Any) -> str:
    try:
        return str(call(*arguments) or "no fault")
    except onvif.ONVIFError as error:
        return str(error)


def signed_in(base: str, name: str, password: str) -> Any:
    url, session = urlsplit(base), requests.Session()
    session.verify = False  # a device's certificate is its own
    urllib3.disable_warnings()
    wsdl = Path(str(onvif.__file__)).parents[1] / "wsdl"
    transport = zeep.transports.Transport(session=session)
    host = f"{url.scheme}://{url.hostname}"
    made = onvif.ONVIFCamera(host, url.port, name, password, str(wsdl), no_cache=True, transport=transport)
    return made.devicemgmt


def main(base: str, name: str, password: str) -> None:
    device = signed_in(base, name, password)
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
    second = signed_in(base, "finder", "second-secret-2")
    told["afterwards"] = {user["Username"]: user["UserLevel"] for user in plain(second.GetUsers())}
    told["stranger"] = fault(second.SetUser, {"User": [added | {"Username": "nobody"}]})
    second.DeleteUsers({"Username": ["finder"]})
    told["gone"] = fault(second.GetUsers)
    told["missing"] = fault(device.DeleteUsers, {"Username": ["viewer", "nobody"]})
    told["reboot"] = fault(device.SystemReboot)
    told["default"] = fault(device.SetSystemFactoryDefault, {"FactoryDefault": "Soft"})
    address = f"{base}/onvif/device_service"
    body = '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body>'
    body += '<GetUsers xmlns="http://www.onvif.org/ver10/device/wsdl"/></e:Body></e:Envelope>'
    answer = requests.post(
        address,
        body,
        headers={"Content-Type": "application/soap+xml"},
        auth=requests.auth.HTTPDigestAuth(name, password),
        verify=False,
        timeout=30,
    )
    told["http digest"] = answer.status_code
    print(json.dumps(told, default=str))


main(*sys.argv[1:4])
