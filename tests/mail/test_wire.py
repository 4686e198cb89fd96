"""Figure M2: what strangers type reaches a letter as words, never as a header, markup or a remote load."""

import random
from email import policy
from email.parser import BytesParser

import pytest

from forum.mail import message
from forum.mail.headers import LetterError, clean_address, clean_subject
from forum.mail.quoting import quoted
from forum.mail.writing import write
from tests.mail.post_office import Clock, send

OURS = {
    *("Content-Type", "MIME-Version", "Content-Transfer-Encoding", "Subject", "From", "To"),
    *("Message-ID", "Date", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"),
}
ONE_CLICK = {
    "List-Unsubscribe": "<https://forum.example/unsubscribe/" + "t" * 120 + "/>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
}
INJECTIONS = [
    *(
        "\r\nBcc: eve@evil.example",
        "\nX-Evil: 1",
        "\r\n\r\n<b>body</b>",
        "\r.\r\nMAIL FROM:<x@y>",
        "\u2028X-Evil: 1",
    ),
    *(
        "=?utf-8?q?=0D=0AX-Evil=3A_1?=",
        "=?utf-8?b?DQpYLUV2aWw6IDE=?=",
        "\x00\x0b\x0cX-Evil: 1",
        "\u202eevil",
        "%0d%0aBcc:x",
    ),
]
MARKUP = [
    *(
        '<img src="https://evil.example/p.gif">',
        "<script>alert(1)</script>",
        "<style>@import 'https://e.example'</style>",
    ),
    *(
        "Content-Type: text/html\n\n<b>x</b>",
        "--===boundary==\nContent-Type: text/html\n\n<b>",
        "\n.\n",
        "\ud800\udfff\x1b[2J",
    ),
    *("From here on\n>From there", "﷽ 🩺 ẞ ł ß", "-- \nsignature"),
]


def read(raw: bytes):
    """A letter as a mail program reads it."""
    return BytesParser(policy=policy.default).parsebytes(raw)


def comments() -> list[tuple[str, str]]:
    """500 names and bodies as bad people type them; every fiftieth has a line of a megabyte."""
    chance = random.Random(2)
    found = []
    for n in range(500):
        pieces = chance.choices(
            [*INJECTIONS, *MARKUP, "some honest words", "https://a.example/?b=" + "c" * 90], k=6
        )
        long = chance.choice(["x", "word ", "ł", "<b>"]) * 1_000_000 if n % 50 == 0 else ""
        found.append((f"Ann{chance.choice(INJECTIONS)} {n}", long + "\n".join(pieces)))
    return found


def assert_harmless(raw: bytes) -> None:
    """Only our headers, one part of valid text/plain, lines that every server takes."""
    got = read(raw)
    assert set(got.keys()) <= OURS
    assert len(got.keys()) == len(set(got.keys()))
    assert (got.get_content_type(), got.is_multipart(), got.get_content_charset()) == (
        "text/plain",
        False,
        "utf-8",
    )
    assert got.defects == []
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    text = got.get_content().replace("\r\n", "\n")
    assert not [char for char in text if ord(char) < 32 and char != "\n"]


@pytest.mark.django_db
def test_figure_m2_500_bad_comments_give_no_header_no_markup_and_no_remote_load(post):
    given = comments()
    for n, (name, body) in enumerate(given):
        words = f"{name} has answered:\n\n{quoted(body)}\n\n{body}\n\nhttps://forum.example/comments/{n}/"
        write(f"k{n}", f"p{n}@mail.example", f"{name} has answered you", words, headers=ONE_CLICK)
    assert send(Clock()).sent == 500
    assert len(post.received) == 500
    for received in post.received:
        assert_harmless(received.raw)
        assert f"\r\nList-Unsubscribe: {ONE_CLICK['List-Unsubscribe']}\r\n".encode() in received.raw
        assert received.message["To"] == received.to


def test_figure_m2_control_a_header_more_a_page_and_a_long_line_are_noticed():
    honest = b"Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWords\r\n"
    assert_harmless(honest)
    for spoilt in (
        b"Bcc: eve@evil.example\r\n" + honest,
        honest.replace(b"plain", b"html"),
        honest + b"x" * 999 + b"\r\n",
        honest + "ł".encode(),
        honest + b"\n",
        honest + b"\x00",
    ):
        with pytest.raises(AssertionError):
            assert_harmless(spoilt)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            " ",
            "nobody",
            "@mail.example",
            "ann@",
            "ann@@mail.example",
            "ann@mail",
            "ann@mail.example,ben@mail.example",
        ),
        *(
            "ann@mail.example\nBcc: eve@evil.example",
            "ann@mail.example\r",
            "Ann <ann@mail.example>",
            "ann\x00@mail.example",
        ),
        *(
            "ann@mail.example ben@mail.example",
            "anń@mail.example",
            "ann@" + "x" * 250 + ".example",
            "<ann@mail.example>",
        ),
        *(
            "ann@mail.example\u2028",
            "ann@\ud800.example",
            "(x)ann@mail.example",
            "ann@mail.example;",
            "ann@-x-.example",
        ),
    ],
)
def test_what_is_not_one_address_is_refused_with_one_sentence(address):
    with pytest.raises(LetterError, match=r"^This is not an e-mail address\.$"):
        clean_address(address)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ann@mail.example", "ann@mail.example"),
        (" Ann.Smith+forum@Mail.Example ", "Ann.Smith+forum@mail.example"),
        ("o'neil@mail.example", "o'neil@mail.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_honest_addresses_pass(given, kept):
    assert clean_address(given) == kept


def test_subject_is_one_line_of_words():
    assert clean_subject(" Ann\r\n\thas  answered\u2028you ") == "Ann has answered you"
    assert clean_subject("Ann\u202e\u200b\x00") == "Ann"
    assert "=?" not in clean_subject("=?utf-8?q?=0AX?=")
    assert clean_subject("word " * 100).endswith("word…")
    assert len(clean_subject("x" * 500)) == 150
    assert clean_subject("Ответ на ваш комментарий 🩺") == "Ответ на ваш комментарий 🩺"


@pytest.mark.django_db
def test_letter_is_the_same_each_time_it_is_built():
    letter = write("k", "ann@bücher.example", "Ответ 🩺", "Words ł\n" + "ẞ" * 2000, headers=ONE_CLICK)
    first, second = (message.build(letter).message().as_bytes() for _ in range(2))
    assert first == second
    got = read(first)
    assert (got["Message-ID"], got["Subject"]) == (letter.message_id, "Ответ 🩺")
    assert (got["Auto-Submitted"], got["To"]) == ("auto-generated", "ann@xn--bcher-kva.example")
    assert got.get_content() == letter.text
