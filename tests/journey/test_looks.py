"""Every page, narrow and wide, light and dark: no fault that axe finds, nothing that scrolls sideways."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.make import load_comments, make_article, make_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
EVERY_SIZE = [(width, scheme) for width in (320, 768, 1280) for scheme in ("light", "dark")]
# Two that differ in both show nearly all; every one is looked at for a release, or to take pictures.
ALL = os.environ.get("AFTERWORD_FULL") or os.environ.get("PICTURES")
SIZES = EVERY_SIZE if ALL else [(320, "light"), (1280, "dark")]


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


def press(button) -> None:
    """Press what leads to another page, and wait for that page: a click alone does not."""
    with button.page.expect_navigation():
        button.click()


def faults(page) -> list[str]:
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    named = [f"{v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
    return named + (["scrolls sideways"] if wide else [])


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_public_pages_have_no_fault(people, talk, width, scheme):
    page = people(viewport={"width": width, "height": 800}, color_scheme=scheme)
    number = talk.comments.order_by("pk").first().pk
    for address in ("/", talk.path, f"{talk.path}?replytocom={number}", "/accounts/login/", "/nothing/"):
        page.goto(address)
        assert faults(page) == [], address
    page.goto(talk.path)
    press(page.get_by_role("button", name="Send reply"))
    page.get_by_role("heading", name="Your reply was not sent").wait_for()
    assert faults(page) == []


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_staff_pages_have_no_fault(people, talk, width, scheme):
    page = people("admin", viewport={"width": width, "height": 800}, color_scheme=scheme)
    number = talk.comments.get(state="held").pk
    for address in ("/moderation/", f"/moderation/comments/{number}/", "/moderation/decided/"):
        page.goto(address)
        assert faults(page) == [], address
    page.goto("/admin/import/")
    assert faults(page) == []
    text = b"A title\n\nWords.\n\n2 thoughts on \xe2\x80\x9cA title\xe2\x80\x9d\n\n  1. One.\n\n    1. Two.\n"
    page.get_by_label("Archive").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": text})
    press(page.get_by_role("button", name="Preview"))
    assert faults(page) == []
    press(page.get_by_role("button", name="Apply this import").first)
    assert faults(page) == []


def test_control_a_page_with_planted_faults_is_caught(people, talk):
    page = people()
    page.goto(talk.path)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=x><input><div id=w></div>'")
    page.evaluate("document.querySelector('#w').style.width = '4000px'")
    page.evaluate("document.querySelector('#w').style.height = '1px'")
    found = faults(page)
    assert "scrolls sideways" in found
    assert any(f.startswith("image-alt") for f in found)
    assert any(f.startswith("label") for f in found)
