"""The article desk in a browser: correct, hide, move, merge and take back, with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from forum.articles.models import Article, ArticleAct, Blog
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.make import load_comments, make_article, make_comment
from tests.threads.test_move import order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "A title with a_very_long_word_that_no_phone_can_show_on_one_line_of_its_own"


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def options(request):
    return {"java_script_enabled": request.param}


@pytest.fixture
def sticks(db) -> Article:
    """A post of two paragraphs with a thread in which one branch answers the wrong comment."""
    text = "A stick is a third leg.\n\nI bought mine in the rain, from a man who sold umbrellas."
    article = make_article("On walking sticks", body_source=text, body_html=f"<p>{text}</p>")
    first = make_comment(article, "Mine is made of ash, and older than I am.", name="Ann")
    make_comment(article, "How do you keep it from slipping?", name="Vera", parent=first)
    second = make_comment(article, "And what of the stairs?", name="Otto")
    reply = make_comment(article, "One hand on the rail, always.", name="Gwendolyn", parent=first)
    make_comment(article, "And the stick in the other.", name="Ann", parent=reply)
    assert second.pk
    return article


@pytest.fixture
def twin(db) -> Article:
    """The same post, archived twice."""
    twin = make_article("On walking sticks (print view)", path="/2011/06/14/print/walking-sticks/")
    load_comments(twin, [None, 0, None])
    return twin


def said(page, text: str) -> None:
    expect(page.get_by_role("status").filter(has_text=text)).to_be_visible()


def test_an_article_is_corrected_hidden_and_both_are_taken_back(people, sticks, options):
    page = people("moderator", **options)
    page.goto(sticks.path)
    press(page.get_by_role("link", name="Article desk"))
    press(page.get_by_role("link", name="Correct"))
    page.get_by_label("Title").fill("On walking canes")
    page.get_by_label("Why (optional)").fill("The author says canes.")
    press(page.get_by_role("button", name="Save the correction"))
    said(page, "Corrected.")
    expect(page.locator(".change ins")).to_contain_text("canes")
    expect(page.locator(".change del")).to_contain_text("sticks")
    press(page.get_by_role("link", name="Hide"))
    expect(page.get_by_text("nor its 5 public comments.")).to_be_visible()
    press(page.get_by_role("button", name="Hide it"))
    said(page, "Hidden:")
    assert people().goto(sticks.path).status == 404
    press(page.get_by_role("button", name="Undo Hidden"))
    said(page, "Taken back: hidden.")
    press(page.get_by_role("button", name="Undo Corrected"))
    expect(page.get_by_role("heading", level=1)).to_have_text("On walking sticks")
    assert Article.objects.get().state == "published"
    assert page.faults == []


def test_a_branch_is_moved_and_moved_back(people, sticks, options):
    before = order(sticks)
    page = people("moderator", **options)
    page.goto(sticks.path)
    press(page.get_by_role("link", name="Move the comment by Gwendolyn"))
    page.get_by_label("It answers another comment").check()
    target = Comment.objects.get(name_shown="Otto")
    page.get_by_label("Number or link of that comment").fill(f"http://x{sticks.path}#comment-{target.pk}")
    press(page.get_by_role("button", name="Show what will happen"))
    expect(page.get_by_text("Moves 2 comments, 1 of them a reply")).to_be_visible()
    assert order(sticks) == before
    press(page.get_by_role("button", name="Move it"))
    said(page, "Moved 2 comments.")
    assert Comment.objects.get(name_shown="Gwendolyn").parent == target
    press(page.get_by_role("button", name="Undo Moved"))
    said(page, "Taken back: moved.")
    assert order(sticks) == before
    assert page.faults == []


def test_two_articles_are_merged_and_parted(people, sticks, twin, options):
    before = order(sticks), order(twin)
    page, visitor = people("moderator", **options), people(**options)
    page.goto("/moderation/articles/")
    page.get_by_label("Title or path").fill("print")
    press(page.get_by_role("button", name="Find"))
    press(page.get_by_role("link", name=twin.title))
    press(page.get_by_role("link", name="Merge"))
    page.get_by_label("Path or address of the article that stays").fill(sticks.path)
    press(page.get_by_role("button", name="Show what will happen"))
    expect(page.get_by_text("3 comments go, in 2 threads")).to_be_visible()
    press(page.get_by_role("button", name="Merge them"))
    said(page, "Merged: 3 comments stand under")
    visitor.goto(twin.path)
    assert visitor.url.endswith(sticks.path)
    expect(visitor.get_by_role("heading", name="8 comments")).to_be_visible()
    press(page.get_by_role("button", name="Undo Merged"))
    said(page, "Taken back: merged.")
    assert (order(sticks), order(twin)) == before
    assert page.faults == []


@pytest.fixture
def desk(db, sticks) -> Article:
    """An article with a past: corrected, closed and opened, a branch moved, another one merged into it."""
    Blog.objects.update(name="Still waters")
    article = make_article(LONG, body_source="One line.\n" * 3, path="/2011/06/15/" + "long-" * 20 + "path/")
    load_comments(article, [None, 0, 1, None])
    return article


def pages(desk: Article) -> list[str]:
    number = desk.comments.order_by("pk")[1].pk
    here, move = f"/moderation/articles/{desk.pk}/", f"/moderation/comments/{number}/move/"
    other = Article.objects.exclude(pk=desk.pk).get().path
    return [
        "/moderation/articles/",
        here,
        *(f"{here}{act}/" for act in ("correct", "hide", "reopen", "merge")),
        f"{here}merge/?into={other}",
        f"{here}merge/?into=/nowhere/",
        move,
        f"{move}?to=article&path={other}",
        f"{move}?to=comment&under=1",
    ]


def test_the_desks_pages_have_no_fault(people, desk):
    page, stale = people("moderator", **NARROW), people("moderator", **NARROW)
    here = f"/moderation/articles/{desk.pk}/"
    page.goto(f"{here}correct/")
    page.get_by_label("Title").fill("")
    press(page.get_by_role("button", name="Save the correction"))
    found = look(page, "correct-refused")
    page.goto(f"{here}correct/")
    stale.goto(f"{here}correct/")
    page.get_by_label("Text").fill("One line.\nAnother line, quite new.\nOne line.\n")
    page.get_by_label("Date").fill("2012-01-31")
    press(page.get_by_role("button", name="Save the correction"))
    stale.get_by_label("Text").fill("What I typed at length, and do not want to lose.")
    press(stale.get_by_role("button", name="Save the correction"))
    found += look(stale, "correct-stale")
    for act, button in (("close", "Close it"), ("hide", "Hide it"), ("show", "Show it")):
        page.goto(f"{here}{act}/")
        page.get_by_label("Why (optional)").fill("Because somebody asked us to do so.")
        press(page.get_by_role("button", name=button))
    page.goto(f"/moderation/comments/{desk.comments.order_by('pk')[1].pk}/move/?to=root")
    press(page.get_by_role("button", name="Move it"))
    for n, address in enumerate(pages(desk)):
        page.goto(address)
        found += look(page, f"article-desk-{n:02}")
    assert found == []
    assert ArticleAct.objects.count() == 5
