"""The XML namespaces and addresses that ONVIF messages are made of (ONVIF Core Specification, section 5.3)."""

from __future__ import annotations

ENVELOPE = "http://www.w3.org/2003/05/soap-envelope"
"""SOAP 1.2, usually `env`."""
ERROR = "http://www.onvif.org/ver10/error"
"""Subcodes of faults, usually `ter`."""
DEVICE = "http://www.onvif.org/ver10/device/wsdl"
"""The Device service, usually `tds`."""
SCHEMA = "http://www.onvif.org/ver10/schema"
"""The types that all services share, usually `tt`."""
SECURITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
"""WS-Security headers, usually `wsse`."""
UTILITY = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
"""Moments in WS-Security headers, usually `wsu`."""
ADDRESSING = ("http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing")
"""WS-Addressing headers, usually `wsa`: 1.0, and the older draft."""
PASSWORD_DIGEST = (
    "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
)
"""The only type of password that a token may carry here."""
BASE64 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
"""How a nonce is written."""

PATH = "/onvif/device_service"
"""Where the Device service answers (section 5.2.2)."""
MEDIA_TYPE = "application/soap+xml"
"""SOAP 1.2 over HTTP (RFC 3902)."""
