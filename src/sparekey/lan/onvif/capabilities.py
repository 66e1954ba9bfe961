"""What the Device service says it can do: nothing beyond the users, the identity, and starting anew.

The elements are those of tt:Capabilities (GetCapabilities), the attributes those of tds:DeviceServiceCapabilities
(GetServices, GetServiceCapabilities).
"""

from __future__ import annotations

from sparekey.lan.onvif.device import Limits
from sparekey.lan.onvif.names import PATH
from sparekey.lan.onvif.soap import boolean, tag

VERSION = (26, 6)
"""Of the Device service's WSDL that the messages follow."""


def version(name: str, of: tuple[int, int]) -> str:
    """tt:OnvifVersion: major and minor."""
    return f"<{name}>{tag('tt:Major', str(of[0]))}{tag('tt:Minor', str(of[1]))}</{name}>"


def capabilities(base: str) -> str:
    """tt:Capabilities. `base`: scheme, address and port that the question came to."""
    network = _flags("IPFilter", "ZeroConfiguration", "IPVersion6", "DynDNS")
    system = _flags("DiscoveryResolve", "DiscoveryBye", on=True)
    system += _flags("RemoteDiscovery", "SystemBackup", "SystemLogging", "FirmwareUpgrade")
    security = _flags("TLS1.1") + _flags("TLS1.2", on=base.startswith("https:"))
    security += _flags("OnboardKeyGeneration", "AccessPolicyConfig")
    security += _flags("X.509Token", "SAMLToken", "KerberosToken", "RELToken")
    return (
        f"<tds:Capabilities><tt:Device>{tag('tt:XAddr', base + PATH)}<tt:Network>{network}</tt:Network>"
        f"<tt:System>{system}{version('tt:SupportedVersions', VERSION)}</tt:System>"
        f"<tt:IO>{tag('tt:InputConnectors', '0')}{tag('tt:RelayOutputs', '0')}</tt:IO>"
        f"<tt:Security>{security}</tt:Security></tt:Device></tds:Capabilities>"
    )


def service(namespace: str, address: str, described: str, of: tuple[int, int]) -> str:
    """tds:Service. `described`: its capabilities as an element, or nothing."""
    inside = f"<tds:Capabilities>{described}</tds:Capabilities>" if described else ""
    return (
        f"<tds:Service>{tag('tds:Namespace', namespace)}{tag('tds:XAddr', address)}"
        f"{inside}{version('tds:Version', of)}</tds:Service>"
    )


def service_capabilities(limits: Limits, algorithms: tuple[str, ...]) -> str:
    """tds:Capabilities of the Device service. `algorithms`: of HTTP digest."""
    security = {
        "AccessPolicyConfig": "false",
        "DefaultAccessPolicy": "true",
        "UsernameToken": "true",
        "HttpDigest": "true",
        "MaxUsers": str(limits.users),
        "MaxUserNameLength": str(limits.longest_name),
        "MaxPasswordLength": str(limits.longest_password),
        "HashingAlgorithms": ",".join(algorithms),
    }
    system = {"DiscoveryResolve": "true", "DiscoveryBye": "true", "NetworkConfigNotSupported": "true"}
    return (
        f"<tds:Capabilities><tds:Network/><tds:Security{_attributes(security)}/>"
        f"<tds:System{_attributes(system)}/></tds:Capabilities>"
    )


def _flags(*names: str, on: bool = False) -> str:
    return "".join(tag(f"tt:{name}", boolean(on)) for name in names)


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{value}"' for name, value in values.items())
