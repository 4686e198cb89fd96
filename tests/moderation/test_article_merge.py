"""Merging two articles: all threads go over, the old address leads there, and undo parts them again."""

import pytest

from forum.articles.models import Article, ArticleAct
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment, send_reply
from tests.moderation.test_article_correct import undo
from tests.moderation.test_article_move import move
from tests.threads.test_move import SHAPE, assert_sound, counters, order

pytestmark = pytest.mark.django_db


@pytest.fixture
def twin(db) -> Article:
    """The article that goes, with two threads."""
    twin = make_article("The same post, archived twice")
    load_comments(twin, SHAPE)
    return twin


def merge(client, source: Article, target: Article, **fields):
    """POST a merge."""
    return client.post(f"/moderation/articles/{source.pk}/merge/", {"into": target.path} | fields)


def test_all_threads_go_to_the_other_article_and_the_path_leads_there(article, twin, mod, stranger):
    own = load_comments(article, [None, 0])
    numbers = [row[0] for row in order(twin)]
    assert merge(mod, twin, article, reason="Twice.").status_code == 303
    assert [row[0] for row in order(article) if row[0] in numbers] == numbers
    assert {row[0] for row in order(article)} == {*numbers, *(row.pk for row in own)}
    assert (counters(article), counters(twin)) == ((8, 3), (0, 0))
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into) == ("hidden", article)
    answer = stranger.get(f"{twin.path}?page=2")
    assert (answer.status_code, answer["Location"]) == (301, article.path)
    answer = stranger.get(f"{twin.path}?replytocom={numbers[1]}")
    assert (answer.status_code, answer["Location"]) == (301, f"{article.path}?replytocom={numbers[1]}")
    assert stranger.get(f"/comments/{numbers[1]}/")["Location"].startswith(article.path)
    act = ArticleAct.objects.get()
    assert (act.act, act.article, act.other, act.reason) == ("merge", twin, article, "Twice.")
    assert_sound(article, twin)


def test_undo_parts_them_again_to_the_last_detail(article, twin, mod, stranger):
    load_comments(article, [None, 0, None])
    before = order(article), order(twin), counters(article), counters(twin)
    merge(mod, twin, article)
    assert undo(mod, ArticleAct.objects.get()).status_code == 303
    assert (order(article), order(twin), counters(article), counters(twin)) == before
    twin.refresh_from_db()
    assert (twin.state, twin.merged_into) == ("published", None)
    assert stranger.get(twin.path).status_code == 200
    assert_sound(article, twin)


def test_replies_in_threads_that_came_over_go_back_and_other_words_stay(article, twin, mod):
    root = Comment.objects.filter(article=twin, parent=None).first()
    merge(mod, twin, article)
    below, beside = make_comment(article, "Below.", parent=root), make_comment(article, "Beside.")
    undo(mod, ArticleAct.objects.get())
    assert Comment.objects.get(pk=below.pk).article_id == twin.pk
    assert Comment.objects.get(pk=beside.pk).article_id == article.pk
    assert_sound(article, twin)


def test_undo_is_refused_while_one_of_the_threads_stands_elsewhere(article, twin, mod):
    root = Comment.objects.filter(article=twin, parent=None).first()
    merge(mod, twin, article)
    move(mod, root, to="comment", under=str(make_comment(article).pk))
    answer = undo(mod, ArticleAct.objects.earliest("pk"))
    assert answer.status_code == 409
    assert "has been moved since; undo that first" in answer.content.decode()
    assert undo(mod, ArticleAct.objects.latest("pk")).status_code == 303
    assert undo(mod, ArticleAct.objects.earliest("pk")).status_code == 303
    assert_sound(article, twin)


def test_a_reply_sent_to_the_old_address_arrives_under_the_other_article(article, twin, mod, stranger):
    parent = Comment.objects.filter(article=twin).first()
    merge(mod, twin, article)
    for fields in ({}, {"parent": parent.pk}):
        answer = send_reply(stranger, twin, f"Sent late {len(fields)}.", **fields)
        assert answer.status_code == 303
        assert answer["Location"].startswith(article.path)
    assert Comment.objects.filter(article=article, body_source__startswith="Sent late").count() == 2


def test_an_address_leads_through_two_merges_and_nowhere_when_the_last_is_hidden(
    article, twin, mod, stranger
):
    last = make_article()
    merge(mod, twin, article)
    merge(mod, article, last)
    assert stranger.get(twin.path)["Location"] == last.path
    assert stranger.get(article.path)["Location"] == last.path
    Article.objects.filter(pk=last.pk).update(state="hidden")
    assert stranger.get(twin.path).status_code == 404
    first = ArticleAct.objects.earliest("pk")
    assert "was merged as well since" in undo(mod, first).content.decode()


def test_a_merged_article_is_left_alone_until_the_merge_is_undone(article, twin, mod):
    merge(mod, twin, article)
    for act in ("hide", "show", "close", "reopen"):
        answer = mod.post(f"/moderation/articles/{twin.pk}/{act}/")
        assert (answer.status_code, "merged into another" in answer.content.decode()) == (409, True)
    assert "merged into another" in merge(mod, twin, make_article()).content.decode()
    assert "merged into another" in merge(mod, make_article(), twin).content.decode()
    twin.refresh_from_db()
    assert (twin.state, twin.closed_at, twin.merged_into) == ("hidden", None, article)


def test_djangos_admin_cannot_show_a_merged_article(article, twin, mod, boss):
    merge(mod, twin, article)
    fields = {"state": "published", "mode": "", "closed_at_0": "", "closed_at_1": "", "notice": "Kept."}
    assert boss.post(f"/admin/forum/article/{twin.pk}/change/", fields).status_code == 302
    twin.refresh_from_db()
    assert (twin.state, twin.notice) == ("hidden", "Kept.")


def test_the_page_says_how_many_comments_go_where_and_changes_nothing(article, twin, mod):
    make_comment(article)
    Article.objects.filter(pk=twin.pk).update(state="draft")
    page = mod.get(f"/moderation/articles/{twin.pk}/merge/", {"into": f"https://x.example{article.path}?a=b"})
    words = " ".join(page.content.decode().split())
    assert "6 comments go, in 2 threads, each with all its replies." in words
    assert "1 comment stands there now." in words
    assert "6 comments that nobody can read now become public." in words
    assert counters(article) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "hidden"}, "show that one first"),
        ({"state": "draft"}, "show that one first"),
        ({"state": "loading"}, "An import is writing this article"),
    ],
)
def test_nothing_is_merged_into_what_is_not_public(twin, mod, fields, said):
    answer = merge(mod, twin, make_article(**fields))
    assert (answer.status_code, said in answer.content.decode()) == (409, True)
    assert counters(twin) == (6, 2)
    assert not ArticleAct.objects.exists()


def test_nothing_is_merged_into_itself_or_into_nothing(twin, mod):
    assert "into itself" in merge(mod, twin, twin).content.decode()
    page = mod.get(f"/moderation/articles/{twin.pk}/merge/?into=/nowhere/")
    assert (page.status_code, "No article has this path" in page.content.decode()) == (422, True)
    assert mod.post(f"/moderation/articles/{twin.pk}/merge/", {"into": ""}).status_code == 409
    assert not ArticleAct.objects.exists()


def test_strangers_and_readers_merge_nothing(article, twin, stranger, ben):
    assert merge(stranger, twin, article).status_code == 302
    assert merge(ben, twin, article).status_code == 404
    assert counters(twin) == (6, 2)


def test_statements_of_a_merge_do_not_grow_with_the_discussion(mod, django_assert_max_num_queries):
    target = make_article()
    for size in (3, 150):
        source = make_article()
        load_comments(source, [None] * size)
        with django_assert_max_num_queries(36):
            assert merge(mod, source, target).status_code == 303
