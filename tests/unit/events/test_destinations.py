"""Addresses and tricks that must not lead a callback into the operator's own network."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from imports_app.events.destinations import (
    Destination,
    Forbidden,
    Unresolvable,
    check_destination,
)

NOT_PUBLIC = "must lead to a public address"

# What stands in the URL as host, and the address that it means.
HOSTS = [
    ("127.0.0.1", "127.0.0.1"),
    ("127.255.255.254", "127.255.255.254"),
    ("localhost", None),
    ("2130706433", "127.0.0.1"),
    ("0x7f000001", "127.0.0.1"),
    ("0177.0.0.1", "127.0.0.1"),
    ("0x7f.1", "127.0.0.1"),
    ("127.1", "127.0.0.1"),
    ("①②⑦.⓪.⓪.①", "127.0.0.1"),
    ("0.0.0.0", "0.0.0.0"),
    ("0", "0.0.0.0"),
    ("10.0.0.1", "10.0.0.1"),
    ("172.16.0.1", "172.16.0.1"),
    ("192.168.1.1", "192.168.1.1"),
    ("169.254.169.254", "169.254.169.254"),
    ("100.64.0.1", "100.64.0.1"),
    ("192.0.2.1", "192.0.2.1"),
    ("198.18.0.1", "198.18.0.1"),
    ("224.0.0.1", "224.0.0.1"),
    ("240.0.0.1", "240.0.0.1"),
    ("255.255.255.255", "255.255.255.255"),
    ("[::1]", "::1"),
    ("[::]", "::"),
    ("[fe80::1]", "fe80::1"),
    ("[fc00::1]", "fc00::1"),
    ("[fd12:3456:789a::1]", "fd12:3456:789a::1"),
    ("[ff02::1]", "ff02::1"),
    ("[::ffff:127.0.0.1]", "::ffff:7f00:1"),
    ("[::ffff:a00:1]", "::ffff:a00:1"),
    ("[::127.0.0.1]", "::7f00:1"),
    ("[::ffff:0:127.0.0.1]", None),
    ("[64:ff9b::10.0.0.1]", "64:ff9b::a00:1"),
    ("[64:ff9b:1::1]", "64:ff9b:1::1"),
    ("[2002:7f00:1::]", "2002:7f00:1::"),
    ("[2002:a9fe:a9fe::]", "2002:a9fe:a9fe::"),
    ("[2001:0:4136:e378:8000:63bf:80ff:fffe]", None),
    ("[2001:db8::1]", "2001:db8::1"),
]


@pytest.mark.parametrize(("host", "address"), HOSTS)
def test_no_host_leads_to_an_address_that_is_not_public(host: str, address: str | None) -> None:
    for url in (f"http://{host}/", f"https://{host}:8443/x?y"):
        with pytest.raises(Forbidden, match=NOT_PUBLIC) as refusal:
            check_destination(url)

        # Python 3.13 writes an IPv4 address in IPv6 with points.
        assert address is None or f"which {ip_address(address)} is not" in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "must begin with https:// or http://"),
        ("example.com", "must begin with https:// or http://"),
        ("//example.com/", "must begin with https:// or http://"),
        ("ftp://example.com/", "must begin with https:// or http://"),
        ("file:///etc/passwd", "must begin with https:// or http://"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "must begin with https:// or http://"),
        ("javascript:alert(1)", "must begin with https:// or http://"),
        ("http:///path", "must begin with https:// or http:// and a host"),
        ("http://example.com:0x50/", "must be a URL"),
        ("http://example.com:99999/", "must be a URL"),
        ("http://[::1/", "must be a URL"),
        ("https://example.com:0/", "must have a port from 1 to 65535"),
        (f"http://{'a' * 64}ü.example/", "must be a URL"),
        ("http://user:password@example.com/", "must not have a user name"),
        ("http://example.com@127.0.0.1/", "must not have a user name"),
        ("http://127.0.0.1\\@example.com/", "without blanks, backslashes"),
        ("http://example.com/\r\nHost: internal", "without blanks, backslashes"),
        ("http://example.com/ HTTP/1.1", "without blanks, backslashes"),
        ("http://exa\tmple.com/", "without blanks, backslashes"),
        ("http://example.com/ü", "percent-encoded"),
        ("http://[fe80::1%25eth0]/", "zones of IPv6 addresses are not supported"),
        ("https://ex%61mple.com/", "must have a host without %"),
        ("https://[fe80::1%eth0]:8443/x", "zones of IPv6 addresses are not supported"),
        ("https://[2606:2800:21f:cb07::1%251]/", "zones of IPv6 addresses are not supported"),
    ],
)
def test_a_url_that_can_not_be_called_is_no_destination(url: str, message: str) -> None:
    with pytest.raises(Forbidden, match=message):
        Destination.of(url)


@pytest.mark.parametrize(
    "host", ["93.184.215.14", "[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", "[::ffff:8.8.8.8]"]
)
def test_a_public_address_may_be_called(host: str) -> None:
    check_destination(f"https://{host}/hook")


def test_a_url_is_taken_apart() -> None:
    made = Destination.of("https://Bücher.example:8443/a/b?c=d#e")

    assert made == Destination(
        is_https=True, host="xn--bcher-kva.example", port=8443, target="/a/b?c=d"
    )
    plain = Destination.of("http://example.com")
    assert (plain.is_https, plain.port, plain.target) == (False, 80, "/")


def test_a_name_that_does_not_resolve_is_taken_and_fails_when_it_is_called() -> None:
    url = "https://nobody.invalid/hook"

    check_destination(url)

    with pytest.raises(Unresolvable):
        Destination.of(url).addresses(2)


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = [(2, 1, 6, "", (address, 443)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(Forbidden, match=r"which 10\.0\.0\.1 is not"):
        check_destination("https://example.com/")


def test_a_resolver_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    silence = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: silence.wait())

    with pytest.raises(Unresolvable, match=r"within 0\.01 s"):
        Destination.of("https://example.com/").addresses(0.01)

    silence.set()


def test_a_setting_allows_networks(settings: Any) -> None:
    settings.IMPORTS_WEBHOOK_ALLOWED = ["10.1.0.0/16", "fd00::/8"]

    check_destination("http://10.1.2.3/")
    check_destination("http://[::ffff:10.1.2.3]/")
    check_destination("http://[fd00::1]/")
    for host in ("10.2.0.1", "127.0.0.1", "[fc00::1]"):
        with pytest.raises(Forbidden):
            check_destination(f"http://{host}/")
