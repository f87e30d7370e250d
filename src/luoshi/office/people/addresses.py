"""From which address a request comes, behind as many proxies as the installation names.

``LUOSHI_TRUSTED_PROXIES`` (addresses or networks) are the only ones whose ``X-Forwarded-For`` is believed.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str:
    """Return the address of the browser as far as it can be trusted; an empty text when there is none."""
    at = request.META.get("REMOTE_ADDR", "")
    hops = [h.strip() for h in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if h.strip()]
    while hops and _is_trusted(at):
        at = hops.pop()
    found = _read(at)
    return str(found) if found else ""


def group_of(address: str) -> str:
    """Return what is counted as one sender: the address, or for IPv6 its /64, which one household holds whole."""
    found = _read(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return str(found or "unknown")


def _is_trusted(text: str) -> bool:
    found = _read(text)
    return found is not None and any(
        found.version == network.version and found in network for network in settings.LUOSHI_TRUSTED_PROXIES
    )


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
