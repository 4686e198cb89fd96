"""Domains and networks as people type them and as bans keep them, and which of them somebody is in."""

import re
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.utils.translation import gettext as _

Network = IPv4Network | IPv6Network
WIDEST = {4: 16, 6: 32}
AROUND = {4: 24, 6: 64}
# No client that reaches this site from outside has one of these; a proxy of our own might.
INSIDE = [
    ip_network(one)
    for one in (
        *("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"),
        *("224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8"),
    )
]
MAPPED = ip_network("::ffff:0:0/96")
SHARED = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.com",
        "web.de",
        "t-online.de",
        "freenet.de",
        "posteo.de",
        "mail.com",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "otenet.gr",
        "btinternet.com",
        "comcast.net",
        "verizon.net",
        "att.net",
        "sbcglobal.net",
        "cox.net",
        "zoho.com",
        "fastmail.com",
        "tutanota.com",
        "qq.com",
        "163.com",
        "126.com",
        "naver.com",
        "rediffmail.com",
        "ziggo.nl",
        "kpnmail.nl",
        "telenet.be",
        "skynet.be",
        "bluewin.ch",
        "hispeed.ch",
        "seznam.cz",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "uol.com.br",
        "bol.com.br",
        "telia.com",
    ]
)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_DASH = re.compile(r"\s*[-‐-―]\s*")
_LETTER = re.compile(r"[a-z]")
_PARTIAL = re.compile(r"(\d{1,3})(?:\.(\d{1,3}))?(?:\.(\d{1,3}))?\.?(?:\*|x)?")


class ValueRefusedError(ValueError):
    """No network or domain that can be banned; the text is one sentence."""


def network_of(typed: str) -> str:
    """An address or network as bans keep it; IPv4 dressed as IPv6 is IPv4. Raises ValueRefusedError."""
    text = typed.strip()
    _refuse_range(text)
    if (partial := _PARTIAL.fullmatch(text.replace(".*", "."))) and all(
        int(n or 0) < 256 for n in partial.groups()
    ):
        parts = [n for n in partial.groups() if n is not None]
        meant = f"{'.'.join(parts + ['0'] * (4 - len(parts)))}/{8 * len(parts)}"
        raise ValueRefusedError(
            _("“%(typed)s” is a part of an address only. Did you mean %(meant)s?")
            % {"typed": typed, "meant": meant}
        )
    network = _unmapped(_read(text))
    if network.prefixlen < WIDEST[network.version]:
        raise ValueRefusedError(
            _("%(network)s is too wide: the widest that can be banned is a /%(widest)s.")
            % {"network": network, "widest": WIDEST[network.version]}
        )
    if any(network.version == one.version and network.overlaps(one) for one in INSIDE):
        raise ValueRefusedError(
            _("%(network)s lies inside private networks, from which no visitor comes.") % {"network": network}
        )
    return str(network)


def domain_of(typed: str) -> str:
    """A domain of e-mail addresses as bans keep it, in ASCII and lower case. Raises ValueRefusedError."""
    _refuse_range(typed.strip())
    text = typed.strip().lower().removeprefix("*.").removeprefix("@").removesuffix(".")
    if "@" in text:
        raise ValueRefusedError(
            _("“%(typed)s” is a whole address. For its domain write %(domain)s alone.")
            % {"typed": typed.strip(), "domain": text.rpartition("@")[2]}
        )
    try:
        text = text.encode("idna").decode()
    except UnicodeError:
        text = ""
    labels = text.split(".")
    all_fit = len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
    if not all_fit or not _LETTER.search(labels[-1]):
        raise ValueRefusedError(
            _("“%(typed)s” is no domain of e-mail addresses. One looks like spam.example.")
            % {"typed": typed.strip()}
        )
    if len(labels) < 2:
        raise ValueRefusedError(
            _("“%(typed)s” would be every address of a country or kind. Please name one domain in it.")
            % {"typed": typed.strip()}
        )
    return text


def is_shared(domain: str) -> bool:
    """Whether many people who have nothing to do with each other have addresses in this domain."""
    return any(domain == one or one.endswith(f".{domain}") for one in SHARED)


def holds(value: str, address: str) -> bool:
    """Whether a network holds the address of a client."""
    return value in around(address)


def around(address: str) -> list[str]:
    """All networks that hold an address, or a network, as bans keep them, from the widest on; none for ""."""
    try:
        network = _unmapped(ip_network(address))
    except ValueError:
        return []
    lengths = range(WIDEST[network.version], network.prefixlen + 1)
    return [str(network.supernet(new_prefix=length)) for length in lengths]


def choices_for(address: str) -> list[str]:
    """What can be banned of the network of a client: its own address, and its /24 or /64; none for ""."""
    try:
        one = network_of(address)
        network = ip_network(one)
        return [one, str(network.supernet(new_prefix=AROUND[network.version]))]
    except ValueError:
        return []


def domains_of(email: str) -> list[str]:
    """The domain of an address with all that it lies in, as bans keep them; none for what is no address."""
    try:
        labels = domain_of(email.rpartition("@")[2]).split(".") if "@" in email else []
    except ValueRefusedError:
        return []
    return [".".join(labels[n:]) for n in range(len(labels) - 1)]


def _refuse_range(text: str) -> None:
    """Addresses from one to another, as some programs write them. Raises ValueRefusedError."""
    first = _DASH.split(text, maxsplit=1)[0]
    try:
        address = ip_address(first)
    except ValueError:
        return
    if first == text:
        return
    around = ip_network(f"{address}/{AROUND[address.version]}", strict=False)
    said = {"typed": text, "network": around}
    raise ValueRefusedError(
        _("“%(typed)s” is a range. Please write networks in CIDR notation, such as %(network)s.") % said
    )


def _read(text: str) -> Network:
    said = {"typed": text}
    address, slash, length = text.partition("/")
    try:
        version = ip_address(address).version
    except ValueError:
        raise ValueRefusedError(
            _("“%(typed)s” is no network address. One looks like 203.0.113.7 or 203.0.113.0/24.") % said
        ) from None
    if slash and not (
        length.isascii() and length.isdecimal() and int(length) <= (32 if version == 4 else 128)
    ):
        said["most"] = "32" if version == 4 else "128"
        raise ValueRefusedError(
            _("In “%(typed)s” the number behind the slash has to be one from 0 to %(most)s.") % said
        )
    if "%" in address:
        raise ValueRefusedError(_("“%(typed)s” names a device beside the address. Leave that out.") % said)
    network = ip_network(text, strict=False)
    if slash and network.network_address != ip_address(address):
        said |= {"whole": str(network), "one": address}
        raise ValueRefusedError(
            _("“%(typed)s” is half an address and half a network. Did you mean %(whole)s, or %(one)s alone?")
            % said
        )
    return network


def _unmapped(network: Network) -> Network:
    if network.version == 6 and network.prefixlen >= 96 and network.subnet_of(MAPPED):
        inner = IPv6Address(network.network_address).ipv4_mapped
        return ip_network(f"{inner}/{network.prefixlen - 96}")
    return network
