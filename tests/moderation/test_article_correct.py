"""Correcting an article: what stood there is kept, what is typed is cleaned, and nobody is overwritten."""

import datetime

import pytest

from forum.articles.models import Article, ArticleAct, ArticleRevision
from forum.moderation import articles_correct
from forum.text.differences import pieces, shortened
from tests.make import make_article, make_user

pytestmark = pytest.mark.django_db


def fields(article: Article, **other) -> dict[str, str]:
    """The form as the browser would send it back, with some fields typed over."""
    shown = {"title": article.title, "body": article.body_source, "version": str(article.version)}
    day = article.published_at.strftime("%Y-%m-%d") if article.published_at else ""
    return shown | {"day": day, "time": "", "reason": ""} | other


def correct(client, article: Article, **other):
    """POST a correction of the article as it stands."""
    article.refresh_from_db()
    return client.post(f"/moderation/articles/{article.pk}/correct/", fields(article, **other))


def undo(client, act: ArticleAct):
    """POST that an act be taken back."""
    return client.post("/moderation/article-acts/undo/", {"id": act.pk})


def stands(article: Article) -> dict:
    """All that a correction may change."""
    row = Article.objects.get(pk=article.pk)
    return {name: getattr(row, name) for name in (*articles_correct.SAID, "path", "corrected_at")}


def test_title_date_and_text_are_corrected_and_the_original_is_kept(article, mod, stranger):
    before = stands(article)
    answer = correct(
        mod, article, title="On sticks", day="2011-06-15", body="A stick.\n\nOr two.", reason="A slip."
    )
    assert answer.status_code == 303
    article.refresh_from_db()
    assert (article.title, article.version) == ("On sticks", 2)
    assert (article.body_source, article.body_html) == (
        "A stick.\n\nOr two.",
        "<p>A stick.</p>\n<p>Or two.</p>",
    )
    assert article.published_at == datetime.datetime(2011, 6, 15, tzinfo=datetime.UTC)
    assert (article.date_precision, article.path) == ("day", before["path"])
    first, second = ArticleRevision.objects.order_by("n")
    assert (first.n, first.title, first.body_source) == (1, before["title"], before["body_source"])
    assert (first.by, second.n, second.by, second.title) == (None, 2, mod.user, "On sticks")
    act = ArticleAct.objects.get()
    assert (act.act, act.actor, act.reason) == ("correct", mod.user, "A slip.")
    assert act.details["changed"] == ["title", "published_at", "body_source"]
    assert "On sticks" in stranger.get(article.path).content.decode()


def test_what_could_do_harm_is_taken_out_of_a_corrected_text(mod):
    article = make_article(source_format="html")
    correct(mod, article, body='<p onclick="x()">Words<script>alert(1)</script></p>')
    article.refresh_from_db()
    assert "<p>Words" in article.body_html
    assert "<script" not in article.body_html
    assert "onclick" not in article.body_html


def test_a_date_that_is_left_as_it_stands_keeps_its_seconds(mod):
    exact = datetime.datetime(2011, 6, 14, 9, 30, 21, tzinfo=datetime.UTC)
    article = make_article(published_at=exact, date_precision="second")
    assert correct(mod, article, title="Another title", time="09:30").status_code == 303
    article.refresh_from_db()
    assert (article.published_at, article.date_precision) == (exact, "second")
    correct(mod, article, time="09:31")
    article.refresh_from_db()
    assert (article.published_at, article.date_precision) == (
        exact.replace(minute=31, second=0),
        "second",
    )


def test_the_page_of_the_article_shows_what_differs(article, mod):
    correct(mod, article, title="On walking canes", body="A stick is a fourth leg.")
    page = mod.get(f"/moderation/articles/{article.pk}/").content.decode()
    assert '<del><span class="visually-hidden">taken out: </span>sticks</del>' in page
    assert '<ins><span class="visually-hidden">put in: </span>canes</ins>' in page
    assert '<del><span class="visually-hidden">taken out: </span>third</del>' in page


def test_a_quicker_correction_is_not_overwritten_and_the_loser_keeps_what_they_typed(article, mod, boss):
    opened = fields(article)
    correct(boss, article, title="The other's title")
    answer = mod.post(
        f"/moderation/articles/{article.pk}/correct/", opened | {"body": "What I typed at length."}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert stands(article)["title"] == "The other's title"
    assert stands(article)["body_source"] == "A stick is a third leg."
    assert "What I typed at length." in page
    assert "What boss changed meanwhile" in page
    assert '<ins><span class="visually-hidden">put in: </span>The other&#x27;s title</ins>' in page
    assert 'name="version" value="2"' in page
    # What the loser had not touched is the other's by now.
    assert 'value="The other&#x27;s title"' in page
    again = opened | {"body": "What I typed at length.", "version": "2", "title": "The other's title"}
    assert mod.post(f"/moderation/articles/{article.pk}/correct/", again).status_code == 303
    assert stands(article)["body_source"] == "What I typed at length."


def test_control_without_the_version_the_quicker_one_is_overwritten(article, mod, boss):
    opened = fields(article)
    correct(boss, article, title="The other's title")
    mod.post(f"/moderation/articles/{article.pk}/correct/", opened | {"version": "2", "body": "Mine."})
    assert stands(article)["title"] == "On walking sticks"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": " "}, "Please give the article a title."),
        ({"title": "\u200b"}, "Please give the article a title."),
        ({"day": "soon"}, "This is no date"),
        ({"day": "0001-01-01"}, "This year cannot be right."),
        ({"day": "", "time": "10:00"}, "A time alone says nothing"),
        ({"day": ""}, "A public article needs a date"),
        ({}, "Nothing is different"),
    ],
)
def test_what_cannot_be_is_refused_with_one_sentence_and_the_text_stays(article, mod, typed, said):
    before = stands(article)
    answer = correct(mod, article, **({"body": "Typed at length."} | typed if typed else {}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert not typed or "Typed at length." in page
    assert stands(article) == before
    assert not ArticleAct.objects.exists()
    assert not ArticleRevision.objects.exists()


def test_undo_gives_back_exactly_what_stood_there_and_is_a_revision_of_its_own(article, mod):
    before = stands(article)
    correct(mod, article, title="Wrong", body="Wrong.", day="2001-01-01")
    act = ArticleAct.objects.get()
    assert undo(mod, act).status_code == 303
    assert stands(article) == before
    undone = ArticleAct.objects.latest("pk")
    assert (undone.act, undone.undoes, undone.actor) == ("undo", act, mod.user)
    assert list(ArticleRevision.objects.values_list("n", "version")) == [(1, 1), (2, 2), (3, 3)]


def test_undo_is_refused_when_the_article_has_changed_since(article, mod):
    correct(mod, article, title="One")
    first = ArticleAct.objects.get()
    correct(mod, article, title="Two")
    answer = undo(mod, first)
    assert answer.status_code == 409
    assert "has been changed since" in answer.content.decode()
    assert stands(article)["title"] == "Two"
    assert undo(mod, ArticleAct.objects.latest("pk")).status_code == 303
    assert stands(article)["title"] == "One"


@pytest.mark.parametrize("state", ["loading", "hidden"])
def test_an_article_that_is_being_imported_or_was_merged_is_left_alone(mod, state):
    article = make_article(state=state, merged_into=make_article() if state == "hidden" else None)
    answer = correct(mod, article, title="Another")
    assert answer.status_code == 422
    assert stands(article)["title"] == "On walking sticks"


def test_strangers_and_readers_correct_nothing(article, stranger, ben):
    assert correct(stranger, article, title="Mine").status_code == 302
    assert correct(ben, article, title="Mine").status_code == 404
    assert stands(article)["title"] == "On walking sticks"


def test_statements_of_a_correction_do_not_grow_with_its_revisions(article, mod, django_assert_num_queries):
    user = make_user("other")
    for n in range(3):
        version = article.version + n
        wanted = articles_correct.Correction(f"Title {n}", article.published_at, "day", f"Words {n}.")
        with django_assert_num_queries(8 if n else 10):
            articles_correct.correct(article.pk, wanted, user, version=version)


TEXTS = [
    ("", ""),
    ("", "New."),
    ("Gone.", ""),
    ("One two three.", "One 2 three."),
    ("a\nb\nc\n", "a\nB\nc"),
    ("\n\n x", "x \n\n"),
    ("<p>Ein Satz.</p>\r\n", "<p>Ein anderer Satz.</p>\n"),
]


@pytest.mark.parametrize(("before", "after"), TEXTS)
def test_a_difference_holds_both_texts_whole(before, after):
    found = pieces(before, after)
    assert "".join(p.text for p in found if p.kind != "came") == before
    assert "".join(p.text for p in found if p.kind != "went") == after


def test_long_stretches_without_a_change_are_shortened():
    words = "word " * 2000
    found = list(shortened(pieces(f"{words}old {words}", f"{words}new {words}")))
    assert [p.kind for p in found] == ["skipped", "kept", "went", "came", "kept", "skipped"]
    assert sum(len(p.text) for p in found) < 400
