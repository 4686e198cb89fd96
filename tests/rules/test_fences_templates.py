"""What templates may not hold: unsafe output, inline scripts, foreign hosts, untranslated words."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest

from tests.rules.sources import Source, expect_none, plant, read

SPOKEN = {"alt", "aria-description", "aria-label", "placeholder", "summary", "title"}
FETCHING = {"src", "srcset", "action", "formaction", "data", "poster", "background", "ping"}
_WORD = re.compile(r"[^\W\d_]{2,}")
_OUTPUT = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
_TAG = re.compile(r"\{%.*?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{#.*?#\}|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}", re.DOTALL)
_TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
_CLASS_BLOCK = re.compile(r"\{%\s*block \w+_class\s*%\}[^{]*\{%\s*endblock[^%]*%\}")
_LITERAL = re.compile(r"(_\()?(['\"])((?:(?!\2).)*)\2")


class _Markup(HTMLParser):
    """Collects what is wrong with the HTML that is left when the template language is taken out."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path, self.found = path, []

    def _say(self, what: str) -> None:
        self.found.append(f"{self.path}:{self.getpos()[0]} {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in given):
            self._say(f"inline <{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith("on") or name == "srcdoc":
                self._say(f"attribute {name}")
            fetches = name in FETCHING or (name == "href" and tag != "a")
            if fetches and re.match(r"\s*(https?:)?//", value or "", re.IGNORECASE):
                self._say(f"foreign {name}={value}")
            on_a_button = name == "value" and given.get("type") in {"submit", "button", "reset"}
            if (name in SPOKEN or on_a_button) and _WORD.search(value or ""):
                self._say(f"untranslated {name}={value}")

    def handle_data(self, data: str) -> None:
        if _WORD.search(data):
            self._say(f"untranslated {' '.join(data.split())[:40]!r}")
        if re.search(r"https?://", data):
            self._say("an address in the text")


def wrong_markup(templates: Iterable[Source]) -> list[str]:
    """Inline scripts and styles, event attributes, foreign resources and words that nobody translates."""
    found = []
    for source in templates:
        markup = _Markup(source.path)
        text = _without(source.text, _COMMENT, _TRANSLATED, _CLASS_BLOCK, _TAG, _OUTPUT)
        markup.feed(text)
        markup.close()
        found += markup.found
    return found


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        text = pattern.sub(lambda match: "\n" * match.group().count("\n"), text)
    return text


def unsafe_output(templates: Iterable[Source]) -> list[str]:
    """`|safe` on anything but cleaned HTML, and every other way around escaping."""
    found = []
    for source in templates:
        for expression in _OUTPUT.findall(source.text):
            value, *filters = [part.strip() for part in expression.split("|")]
            if "safeseq" in filters or ("safe" in filters and value.split(".")[-1] != "body_html"):
                found.append(f"{source.path} {expression}")
        if re.search(r"\{%\s*autoescape\s+off|\{%\s*filter\s+safe|\{%[^%]*\|\s*safe\b", source.text):
            found.append(f"{source.path} turns escaping off")
    return found


def untranslated_literals(templates: Iterable[Source]) -> list[str]:
    """Words for people inside of expressions: a filter's `default:"…"`, an include's `next="…"`."""
    found = []
    for source in templates:
        pieces = [
            *re.findall(r"\|\s*default(?:_if_none)?:((?:_\()?(?:\"[^\"]*\"|'[^']*'))", source.text),
            *re.findall(r"\{%\s*(?:include|with)\b(.*?)%\}", source.text, re.DOTALL),
        ]
        for marked, _quote, words in (hit for piece in pieces for hit in _LITERAL.findall(piece)):
            is_name = re.fullmatch(r"[\w./:#?=-]*", words) and not words[:1].isupper()
            if not marked and not is_name and _WORD.search(words):
                found.append(f"{source.path} {words!r}")
    return found


RULES = [wrong_markup, unsafe_output, untranslated_literals]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_templates_keep_their_fences(rule):
    expect_none(rule(read("templates", "*.html")))


OFFENCES = [
    (wrong_markup, "<p>Hello there</p>"),
    (wrong_markup, "<p>{% translate 'Hello' %} there</p>"),
    (wrong_markup, "{% if a > b %}Hello{% endif %}"),
    (wrong_markup, "{% block title %}Queue{% endblock %}"),
    (wrong_markup, '<nav aria-label="Pages"></nav>'),
    (wrong_markup, '<img alt="A cat" src="/c.png">'),
    (wrong_markup, '<input type="submit" value="Send">'),
    (wrong_markup, "<script>let x = 1</script>"),
    (wrong_markup, "<style>p {}</style>"),
    (wrong_markup, '<p style="color: red"></p>'),
    (wrong_markup, '<p onclick="x()"></p>'),
    (wrong_markup, '<script src="https://cdn.example/x.js"></script>'),
    (wrong_markup, '<script src="//cdn.example/x.js"></script>'),
    (wrong_markup, '<link rel="stylesheet" href="http://cdn.example/x.css">'),
    (wrong_markup, '<img src="https://gravatar.example/{{ hash }}">'),
    (unsafe_output, "{{ comment.name_shown|safe }}"),
    (unsafe_output, "{{ comment.body_source | safe }}"),
    (unsafe_output, "{{ body_html_of_a_stranger|safe }}"),
    (unsafe_output, "{{ names|safeseq|join:', ' }}"),
    (unsafe_output, "{% autoescape off %}{{ x }}{% endautoescape %}"),
    (unsafe_output, "{% with x=name|safe %}{{ x }}{% endwith %}"),
    (untranslated_literals, '{{ name|default:"unnamed reader" }}'),
    (untranslated_literals, '{% include "_pager.html" with next="Older posts" %}'),
    (untranslated_literals, "{% include '_pager.html' with next='Older' %}"),
]


@pytest.mark.parametrize(("rule", "text"), OFFENCES)
def test_control_a_planted_offence_in_a_template_is_caught(rule, text):
    assert rule(plant("templates/planted.html", text))


HONEST = [
    (wrong_markup, '<p class="a{% if b %} c{% endif %}">{{ words }} – {% translate "Hello" %}</p>'),
    (wrong_markup, "{% blocktranslate trimmed %}<b>Hello</b> {{ name }}{% endblocktranslate %}"),
    (wrong_markup, '<svg xmlns="http://www.w3.org/2000/svg"></svg><a href="https://a.example/">{{ a }}</a>'),
    (wrong_markup, '<script src="/static/x.js" defer></script>{# a remark #}'),
    (unsafe_output, "{{ comment.body_html|safe }}{{ words }}"),
    (untranslated_literals, '{% include "_pager.html" with next=_("Older posts") anchor="#comments" %}'),
    (untranslated_literals, '{{ name|default:_("unnamed reader") }}{{ n|default:"–" }}'),
]


@pytest.mark.parametrize(("rule", "text"), HONEST)
def test_control_an_honest_template_passes(rule, text):
    assert rule(plant("templates/planted.html", text)) == []
