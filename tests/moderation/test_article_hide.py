"""Hiding, showing, closing and opening articles; each is logged and can be taken back."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.articles.models import Article, ArticleAct
from forum.mail.models import Letter
from tests.make import make_article, make_comment, send_reply
from tests.moderation.test_article_correct import correct, undo
from tests.notifications.people import decide, follows, guest, held, waiting

pytestmark = pytest.mark.django_db


def do(client, act: str, article: Article, **fields):
    """POST an act on an article."""
    return client.post(f"/moderation/articles/{article.pk}/{act}/", fields)


def state(article: Article) -> str:
    return Article.objects.get(pk=article.pk).state


def test_a_hidden_article_is_gone_for_the_public_and_comes_back_by_undo(article, mod, stranger):
    comment = make_comment(article)
    assert do(mod, "hide", article, reason="Asked for.").status_code == 303
    assert state(article) == "hidden"
    assert stranger.get(article.path).status_code == 404
    assert stranger.get(f"/comments/{comment.pk}/").status_code == 404
    act = ArticleAct.objects.get()
    assert (act.act, act.actor, act.reason) == ("hide", mod.user, "Asked for.")
    assert undo(mod, act).status_code == 303
    assert state(article) == "published"
    assert stranger.get(article.path).status_code == 200


def test_letters_about_a_hidden_articles_comments_are_taken_back(article, mod):
    follows(guest("Fan"), on=article)
    decide(mod, "approve", held(article))
    assert len(waiting()) == 1
    do(mod, "hide", article)
    assert waiting() == []
    assert Letter.objects.get().cancelled_at is not None


def test_undoing_a_show_takes_letters_back_again(mod):
    article = make_article(state="hidden")
    do(mod, "show", article)
    follows(guest("Fan"), on=article)
    decide(mod, "approve", held(article))
    undo(mod, ArticleAct.objects.get())
    assert state(article) == "hidden"
    assert waiting() == []


def test_a_draft_is_shown_once_it_has_a_date(mod, stranger):
    article = make_article(state="draft", published_at=None, date_precision="unknown")
    refused = do(mod, "show", article)
    assert refused.status_code == 409
    assert "has no date yet" in refused.content.decode()
    fields = {"title": article.title, "body": article.body_source, "version": 1, "day": "2011-06-14"}
    assert mod.post(f"/moderation/articles/{article.pk}/correct/", fields).status_code == 303
    assert do(mod, "show", article).status_code == 303
    assert stranger.get(article.path).status_code == 200
    undo(mod, ArticleAct.objects.latest("pk"))
    assert state(article) == "draft"


def test_a_closed_article_takes_no_reply_and_an_opened_one_does(article, mod, stranger):
    do(mod, "close", article)
    refused = send_reply(stranger, article, "Too late?")
    assert refused.status_code == 422
    assert "This discussion is closed and takes no more replies." in refused.content.decode()
    assert "Too late?" in refused.content.decode()
    assert not article.comments.exists()
    do(mod, "reopen", article)
    assert send_reply(stranger, article, "In time.").status_code == 303
    assert list(ArticleAct.objects.order_by("pk").values_list("act", flat=True)) == ["close", "reopen"]


def test_undoing_an_opening_closes_since_when_it_was_closed(article, mod):
    do(mod, "close", article)
    since = Article.objects.get().closed_at
    do(mod, "reopen", article)
    undo(mod, ArticleAct.objects.latest("pk"))
    assert Article.objects.get().closed_at == since
    undo(mod, ArticleAct.objects.earliest("pk"))
    assert Article.objects.get().closed_at is None


@pytest.mark.parametrize(
    ("act", "fields", "said"),
    [
        ("hide", {"state": "hidden"}, "is not public, so there is nothing to hide"),
        ("show", {}, "is public already"),
        ("reopen", {}, "was not closed by hand"),
        ("hide", {"state": "loading"}, "An import is writing this article"),
        ("close", {"state": "loading"}, "An import is writing this article"),
    ],
)
def test_what_means_nothing_is_refused_with_one_sentence(mod, act, fields, said):
    article = make_article(**fields)
    answer = do(mod, act, article)
    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert not ArticleAct.objects.exists()
    assert said in mod.get(f"/moderation/articles/{article.pk}/{act}/").content.decode()


def test_an_undo_is_refused_when_something_later_stands_or_was_done_by_other_means(article, mod):
    do(mod, "hide", article)
    do(mod, "show", article)
    first, second = ArticleAct.objects.order_by("pk")
    answer = undo(mod, first)
    assert answer.status_code == 409
    assert "by a later act" in answer.content.decode()
    Article.objects.update(state="draft")
    assert undo(mod, second).status_code == 409
    assert state(article) == "draft"


def test_nothing_is_undone_twice_and_no_undo_undone(article, mod):
    do(mod, "hide", article)
    act = ArticleAct.objects.get()
    undo(mod, act)
    assert undo(mod, act).status_code == 409
    assert undo(mod, ArticleAct.objects.latest("pk")).status_code == 409
    assert (ArticleAct.objects.count(), state(article)) == (2, "published")
    assert mod.post("/moderation/article-acts/undo/", {"id": "999"}).status_code == 404
    assert mod.post("/moderation/article-acts/undo/", {"id": "nonsense"}).status_code == 404


def test_the_page_says_what_will_happen_and_changes_nothing(article, mod):
    make_comment(article)
    held(article)
    page = mod.get(f"/moderation/articles/{article.pk}/hide/").content.decode()
    assert "nor its 1 public comment." in page
    page = mod.get(f"/moderation/articles/{article.pk}/close/").content.decode()
    assert "1 reply that waits can still be let through." in page
    assert state(article) == "published"


@pytest.mark.parametrize("act", ["hide", "show", "close", "reopen"])
def test_strangers_and_readers_do_nothing(article, stranger, ben, act):
    assert do(stranger, act, article).status_code == 302
    assert do(ben, act, article).status_code == 404
    assert (state(article), Article.objects.get().closed_at) == ("published", None)
    assert not ArticleAct.objects.exists()


def test_only_the_last_of_each_kind_offers_its_undo(article, mod):
    for act in ("hide", "show", "hide"):
        do(mod, act, article)
    page = mod.get(f"/moderation/articles/{article.pk}/").content.decode()
    assert page.count("/moderation/article-acts/undo/") == 1


def test_the_list_finds_by_title_path_and_state_twenty_a_page(mod, django_assert_max_num_queries):
    for n in range(25):
        make_article(f"Article number {n}", path=f"/2012/01/01/number-{n}/")
    make_article("A hidden thing", state="hidden", path="/2010/01/01/elsewhere/")
    with django_assert_max_num_queries(8):
        page = mod.get("/moderation/articles/").content.decode()
    assert "26 articles" in page
    assert page.count('class="row-title"') == 20
    assert "A hidden thing" in mod.get("/moderation/articles/?state=hidden").content.decode()
    assert mod.get("/moderation/articles/?q=elsewhere").content.decode().count('class="row-title"') == 1
    second = mod.get("/moderation/articles/?q=number&page=2").content.decode()
    assert second.count('class="row-title"') == 5
    assert 'href="?page=1&amp;q=number"' in second
    for odd in ("?q=%00", "?state=nonsense", "?page=x", "?q=" + "y" * 3000):
        assert mod.get(f"/moderation/articles/{odd}").status_code == 200


def test_the_page_of_an_article_takes_as_many_statements_however_long_its_log(article, mod):
    taken = []
    for count in (0, 3, 15):
        for n in range(count):
            correct(mod, article, title=f"Title {count} {n}", reason="Again.")
            do(mod, "close" if n % 2 == 0 else "reopen", article)
        with CaptureQueriesContext(connection) as queries:
            page = mod.get(f"/moderation/articles/{article.pk}/").content.decode()
        taken.append(len(queries))
    assert taken[0] <= taken[1] == taken[2]
    assert page.count('class="change"') == 10
    assert "Versions 1 to 9 are kept, and not shown here." in page
