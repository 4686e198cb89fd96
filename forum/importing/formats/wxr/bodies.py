"""Turns bodies as WordPress stores them into HTML: paragraphs, block marks, shortcodes."""

import html
import re

from forum.text.clean import is_web_address

_BLOCKS = (
    "address|article|aside|blockquote|center|details|div|dl|fieldset|figure|footer|form|h[1-6]|header|hr|"
    "main|nav|ol|p|pre|script|section|style|table|ul"
)
_TAG = re.compile(rf"<(/?)({_BLOCKS})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")
_BREAK = re.compile(r"<br\s*/?>\s*\Z", re.IGNORECASE)
_BLANK = re.compile(r"\n[ \t\xa0]*\n\s*")
_CAPTION = re.compile(r"(?<!\[)\[((?:wp_)?caption)\b([^\[\]]*)\]")
_WORDS = re.compile(r"caption=(\"[^\"]*\"|'[^']*')")
_GALLERY = re.compile(r"(?<!\[)\[(?:gallery|playlist)\b[^\[\]]*\](?!\])")
_MEDIA = re.compile(
    r"(?<!\[)\[(youtube|vimeo|embed|audio|video|soundcloud|dailymotion|ted|slideshare|wpvideo|polldaddy)"
    r"\b([^\[\]]*)\](?:([^\[\]<>\s]*)\[/\1\])?(?!\])"
)
_ADDRESS = re.compile(r"https?://[^\s\"'<>\[\]]+")
_POLL = re.compile(r"\bpoll=[\"']?(\d+)")


def body_of_post(text: str) -> str:
    """The HTML of a post: block marks and page marks gone, known shortcodes plain, paragraphs made.

    Unknown shortcodes and `[1]` or `[sic]` stay as they are. Rules: WordPress block markup, Shortcode API.
    """
    text = _with_captions(_without_marks(_line_ends(text)))
    text = _GALLERY.sub("(gallery)", text)
    text = _MEDIA.sub(_media, text)
    return paragraphs(text)


def paragraphs(text: str) -> str:
    """HTML in which a blank line parts paragraphs and one newline is a break, as WordPress shows it.

    Block elements are left alone with all that is in them, so that a second time changes nothing.
    Rule: WordPress `wpautop`, without its work inside of blocks.
    """
    text = _ANY_TAG.sub(lambda tag: tag[0].replace("\n", " "), _line_ends(text))
    tags = list(_TAG.finditer(text))
    ends = _matches(tags)
    parts: list[str] = []
    place = n = 0
    while n < len(tags):
        tag = tags[n]
        parts += _inline(text[place : tag.start()])
        last = ends.get(n, n)
        place = tags[last].end()
        # A paragraph that is never closed ends where the next block begins; its tag says nothing more.
        if last > n or tag[2].lower() != "p":
            parts.append(text[tag.start() : place])
        n = last + 1
    parts += _inline(text[place:])
    return "\n\n".join(parts)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _matches(tags: list[re.Match[str]]) -> dict[int, int]:
    """From the number of an opening tag to that of its closing one, in one pass over all."""
    opened: dict[str, list[int]] = {}
    ends: dict[int, int] = {}
    for n, tag in enumerate(tags):
        name = tag[2].lower()
        waiting = opened.setdefault(name, [])
        if not tag[1]:
            if name == "p":
                waiting.clear()
            waiting.append(n)
        elif waiting:
            ends[waiting.pop()] = n
    return ends


def _inline(text: str) -> list[str]:
    found = []
    for part in _BLANK.split(text):
        lines = [line.strip(" \t") for line in part.strip().split("\n")]
        if any(lines):
            joined = "".join(_with_break(line) for line in lines[:-1]) + lines[-1]
            found.append(f"<p>{joined}</p>")
    return found


def _with_break(line: str) -> str:
    return f"{line}\n" if _BREAK.search(line) else f"{line}<br>\n"


def _without_marks(text: str) -> str:
    """Without block marks, `more` and other comments; a page mark parts paragraphs."""
    parts = []
    place = 0
    # By hand: a pattern would search the whole rest anew for each comment that never ends.
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts += text[place:start], "\n\n" if text.startswith("<!--nextpage", start) else ""
        place = end + 3
    return "".join([*parts, text[place:]])


def _with_captions(text: str) -> str:
    """Captions without their shortcode; old ones have the words in an attribute, new ones in the content."""
    parts = []
    place = 0
    while opening := _CAPTION.search(text, place):
        end = text.find(f"[/{opening[1]}]", opening.end())
        if end < 0:
            break
        words = _WORDS.search(opening[2])
        shown = f"{text[opening.end() : end].strip()} {words[1][1:-1] if words else ''}"
        parts += text[place : opening.start()], shown.strip()
        place = end + len(opening[1]) + 3
    return "".join([*parts, text[place:]])


def _media(found: re.Match[str]) -> str:
    """A link to what would be shown; as it stands when it names no address."""
    name, said = found[1], found[2].strip()
    poll = _POLL.search(said) if name == "polldaddy" else None
    if name == "wpvideo" and said:
        return f"(video {said.split()[0]})"
    address = _ADDRESS.search(found[3] or "") or _ADDRESS.search(said)
    link = f"https://polldaddy.com/poll/{poll[1]}/" if poll else html.unescape(address[0]) if address else ""
    if not is_web_address(link):
        return found[0]
    return f'<a href="{html.escape(link)}">{html.escape(link)}</a>'
