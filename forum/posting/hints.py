"""A hint to whoever is about to publish something private: shown to them alone, and kept nowhere."""

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from forum.text import personal

FIELD = "as_it_is"


@dataclass(frozen=True, slots=True)
class Part:
    """A run of the text; `looks_like` says in words what it looks like, "" for ordinary words."""

    text: str
    looks_like: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What looks private in a text; `key` is what the button that sends it all the same sends along."""

    parts: list[Part]
    kinds: list[str]
    key: str


def of(text: str, seen: str) -> Hint | None:
    """The hint for a text, None when nothing in it looks private or the writer has seen the hint for it.

    `seen` is the key that came with the form: it fits this very text only, so that a changed text is
    looked at again.
    """
    found = personal.find(text)
    key = salted_hmac("afterword.hint", text, algorithm="sha256").hexdigest()[:32]
    if not found or constant_time_compare(seen, key):
        return None
    parts, at = [], 0
    for one in found:
        parts += [Part(_end_of(text[at : one.start], bool(at)), "")] if one.start > at else []
        parts.append(Part(text[one.start : one.end], str(one.kind.label)))
        at = one.end
    parts += [Part(_begin_of(text[at:]), "")] if at < len(text) else []
    return Hint(parts, list(dict.fromkeys(str(one.kind.label) for one in found)), key)


AROUND = 80


def _end_of(text: str, is_between: bool) -> str:
    if is_between and len(text) > 2 * AROUND:
        return f"{text[:AROUND].rsplit(' ', 1)[0]} … {text[-AROUND:].split(' ', 1)[-1]}"
    return text if len(text) <= AROUND else f"… {text[-AROUND:].split(' ', 1)[-1]}"


def _begin_of(text: str) -> str:
    return text if len(text) <= AROUND else f"{text[:AROUND].rsplit(' ', 1)[0]} …"
