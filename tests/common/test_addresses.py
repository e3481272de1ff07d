"""Whose address a request is counted by: the same for Django's requests and for those before Django."""

import pytest
from django.test import RequestFactory
from starlette.requests import Request

from vidwiz.common.addresses import client_address, normalised


def seen_by_django(peer, forwarded):
    lines = {"HTTP_X_FORWARDED_FOR": ",".join(forwarded)} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **lines)


def seen_before_django(peer, forwarded):
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return Request({"type": "http", "client": (peer, 50000), "headers": headers})


@pytest.mark.parametrize("seen", [seen_by_django, seen_before_django])
@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, [], "192.0.2.9"),
        (0, ["198.51.100.1"], "192.0.2.9"),
        (0, ["198.51.100.1, 198.51.100.2"], "192.0.2.9"),
        (1, [], "192.0.2.9"),
        (1, ["203.0.113.5"], "203.0.113.5"),
        (1, ["198.51.100.1, 203.0.113.5"], "203.0.113.5"),
        (1, ["198.51.100.1", "203.0.113.5"], "203.0.113.5"),
        (1, ["203.0.113.5,"], "unknown"),
        (2, ["203.0.113.5"], "203.0.113.5"),
        (2, ["203.0.113.5, 10.0.0.1"], "203.0.113.5"),
        (2, ["198.51.100.1, 203.0.113.5, 10.0.0.1"], "203.0.113.5"),
        (2, ["198.51.100.1", "203.0.113.5", "10.0.0.1"], "203.0.113.5"),
        (2, ["198.51.100.1, <script>, 10.0.0.1"], "unknown"),
    ],
)
def test_it_is_what_the_outermost_proxy_of_ours_saw(settings, seen, proxies, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_address(seen("192.0.2.9", forwarded)) == address


@pytest.mark.parametrize("scope", [{}, {"client": None}])
def test_a_peer_without_an_address_is_unknown(scope):
    assert client_address(Request({"type": "http", "headers": [], **scope})) == "unknown"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1\t", "192.0.2.1"),
        ("192.0.2.1:443", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:c000:201]:443", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:0DB8:1:2::9", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("", "unknown"),
        ("unknown", "unknown"),
        ("localhost", "unknown"),
        ("192.0.2.256", "unknown"),
        ("192.0.2", "unknown"),
        ("3221225985", "unknown"),
        ("١٩٢.0.2.1", "unknown"),
        ("[", "unknown"),
        (":", "unknown"),
        ("x" * 10_000, "unknown"),
    ],
)
def test_one_customer_has_one_spelling(text, address):
    assert normalised(text) == address
