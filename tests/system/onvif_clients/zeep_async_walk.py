"""Walk the Device service with onvif-zeep-async. Arguments: where it is, name, password. Prints JSON."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from typing import Any
from urllib.parse import urlsplit

onvif = importlib.import_module("onvif")
helpers = importlib.import_module("zeep.helpers")
Fault = importlib.import_module("zeep.exceptions").Fault


def plain(value: Any) -> Any:
    return helpers.serialize_object(value, dict)


async def fault(call: Any, *arguments: Any) -> str:
    try:
        return str(await call(*arguments) or "no fault")
    except Fault as error:
        return " ".join(str(code.localname) for code in error.subcodes)


async def walk(base: str, name: str, password: str) -> dict[str, Any]:
    url = urlsplit(base)
    place = (f"{url.scheme}://{url.hostname}", url.port)
    camera = onvif.ONVIFCamera(*place, name, password, adjust_time=True, no_cache=True)
    await camera.update_xaddrs()
    device = await camera.create_devicemgmt_service()
    added = {"Username": "finder", "Password": "first-secret-1", "UserLevel": "Operator"}
    told: dict[str, Any] = {
        "clock": plain(await device.GetSystemDateAndTime()),
        "information": plain(await device.GetDeviceInformation()),
        "capabilities": plain(await device.GetCapabilities({"Category": "All"}))["Device"],
        "services": list(camera.xaddrs.values()),
        "interfaces": plain(await device.GetNetworkInterfaces()),
        "scopes": [scope["ScopeItem"] for scope in plain(await device.GetScopes())],
        "users": {user["Username"]: user["UserLevel"] for user in plain(await device.GetUsers())},
    }
    await device.CreateUsers({"User": [added]})
    told["clash"] = await fault(device.CreateUsers, {"User": [added]})
    await device.SetUser({"User": [added | {"Password": "second-secret-2", "UserLevel": "Administrator"}]})
    other = onvif.ONVIFCamera(*place, "finder", "second-secret-2", adjust_time=True, no_cache=True)
    await other.update_xaddrs()
    second = await other.create_devicemgmt_service()
    told["afterwards"] = {user["Username"]: user["UserLevel"] for user in plain(await second.GetUsers())}
    told["stranger"] = await fault(second.SetUser, {"User": [added | {"Username": "nobody"}]})
    await second.DeleteUsers({"Username": ["finder"]})
    told["gone"] = await fault(second.GetUsers)
    told["missing"] = await fault(device.DeleteUsers, {"Username": ["viewer", "nobody"]})
    told["reboot"] = await fault(device.SystemReboot)
    told["default"] = await fault(device.SetSystemFactoryDefault, {"FactoryDefault": "Soft"})
    await camera.close()
    await other.close()
    return told


print(json.dumps(asyncio.run(walk(*sys.argv[1:4])), default=str))
