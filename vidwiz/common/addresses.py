"""Where a request comes from, in the one spelling that limits count by."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request as DRFRequest
from starlette.requests import Request as StarletteRequest

UNKNOWN = "unknown"


def client_address(request: HttpRequest | DRFRequest | StarletteRequest) -> str:
    """The address that the outermost of our own TRUSTED_PROXY_COUNT proxies saw; without one, the peer's.

    Each proxy appends whom it saw to X-Forwarded-For, so it is counted from the right: what a caller writes there
    stands to the left of all that.
    """
    if isinstance(request, StarletteRequest):
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    else:  # here the server has joined the lines of the header
        peer = request.META.get("REMOTE_ADDR") or ""
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    proxies = settings.TRUSTED_PROXY_COUNT
    if not (proxies and forwarded):
        return normalised(peer)
    seen = forwarded.split(",")
    return normalised(seen[-min(proxies, len(seen))])


def normalised(text: str) -> str:
    """One spelling for one customer: IPv4 also where it is written as IPv6, and of IPv6 the /64 that each has whole.
    What is no address is one word, not the text of whoever sent it."""
    text = text.strip()
    if text.startswith("["):  # [2001:db8::1]:443
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:  # 192.0.2.1:443
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])  # fe80::1%eth0
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(IPv6Network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return str(address)
