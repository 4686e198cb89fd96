"""Every page that everybody knows looks as it should, and a fault is found in the size where it stands."""

import pytest

from tests.journey.hands import press
from tests.journey.looks import DARK, NARROW, SIZES, look
from tests.make import load_comments, make_article, make_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk(db):
    """An article with archived, live, held and removed comments, four levels deep."""
    article = make_article(
        title="A title with a_very_long_word_that_no_phone_can_show_on_one_line_of_its_own"
    )
    rows = load_comments(article, [None, 0, 1, 2, 3, None])
    top = make_comment(article, "Live words. https://stillwaters.example/" + "long" * 40, parent=rows[4])
    make_comment(article, "Below it.", parent=top)
    make_comment(article, "Waiting words.", parent=rows[0], state="held")
    return article


def test_public_pages_have_no_fault(people, talk):
    page = people(**NARROW)
    number = talk.comments.order_by("pk").first().pk
    found = []
    for name, address in (
        ("home", "/"),
        ("article", talk.path),
        ("reply", f"{talk.path}?replytocom={number}"),
        ("sign-in", "/accounts/login/"),
        ("nothing", "/nothing/"),
    ):
        page.goto(address)
        found += look(page, name)
    page.goto(talk.path)
    press(page.get_by_role("button", name="Send reply"))
    page.get_by_role("heading", name="Your reply was not sent").wait_for()
    assert found + look(page, "reply-refused") == []


def test_staff_pages_have_no_fault(people, talk):
    page = people("admin", **NARROW)
    number = talk.comments.get(state="held").pk
    found = []
    for name, address in (
        ("queue", "/moderation/"),
        ("held", f"/moderation/comments/{number}/"),
        ("decided-none", "/moderation/decided/"),
        ("import-archive", "/admin/import/"),
    ):
        page.goto(address)
        found += look(page, name)
    text = b"A title\n\nWords.\n\n2 thoughts on \xe2\x80\x9cA title\xe2\x80\x9d\n\n  1. One.\n\n    1. Two.\n"
    page.get_by_label("Archive").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": text})
    press(page.get_by_role("button", name="Preview"))
    found += look(page, "import-archive-preview")
    press(page.get_by_role("button", name="Apply this import").first)
    assert found + look(page, "import-archive-done") == []


PLANTED = """
    #wide { width: 100px; height: 1px }
    @media (max-width: 320px) { #wide { width: 700px } }
    @media (prefers-color-scheme: dark) { #faint { color: #555; background: #333 } }
"""


def test_control_a_planted_fault_is_caught_in_the_size_where_it_stands(people, talk):
    page = people(viewport={"width": 1000, "height": 700})
    page.goto(talk.path)
    assert look(page, "planted") == []
    page.evaluate("document.querySelector('main').innerHTML += '<img src=x><input><p id=faint>Faint</p>'")
    page.evaluate("document.querySelector('main').innerHTML += '<div id=wide></div>'")
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
        " document.adoptedStyleSheets.push(sheet) }",
        PLANTED,
    )
    found = look(page, "planted")

    def where(fault: str) -> list[tuple[int, str]]:
        return [size for size in SIZES if any(f"{size[0]} {size[1]}: {fault}" in one for one in found)]

    assert where("image-alt") == where("label") == SIZES
    assert where("scrolls sideways") == [size for size in SIZES if size[0] == 320] != []
    assert where("color-contrast") == [size for size in SIZES if size[1] == "dark"] != []
    assert page.viewport_size == {"width": 1000, "height": 700}
    assert not page.evaluate(DARK)
