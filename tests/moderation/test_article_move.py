"""Moving a branch: the desk sees what will happen, does it, and takes it back to the last detail."""

import pytest

from forum.articles.models import ArticleAct
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment
from tests.moderation.test_article_correct import undo
from tests.threads.test_move import SHAPE, assert_sound, counters, order

pytestmark = pytest.mark.django_db


def seen(comment: Comment) -> dict[str, str]:
    """What the page of a comment says of where it stands."""
    return {"seen-article": str(comment.article_id), "seen-parent": str(comment.parent_id or "")}


def move(client, comment: Comment, **target):
    """POST a move of a comment as it stands."""
    comment.refresh_from_db()
    return client.post(f"/moderation/comments/{comment.pk}/move/", seen(comment) | target)


def under(parent: Comment) -> dict[str, str]:
    return {"to": "comment", "under": str(parent.pk)}


@pytest.fixture
def rows(article):
    """Two threads: 0 with 1, which 2 and 3 answer; 4 with 5."""
    return load_comments(article, SHAPE)


def test_a_branch_goes_under_another_comment_with_its_replies(article, rows, mod):
    assert move(mod, rows[1], **under(rows[5]), reason="It answers that.").status_code == 303
    assert [row[:2] for row in order(article)] == [
        (rows[0].pk, None),
        (rows[4].pk, None),
        (rows[5].pk, rows[4].pk),
        (rows[1].pk, rows[5].pk),
        (rows[2].pk, rows[1].pk),
        (rows[3].pk, rows[1].pk),
    ]
    act = ArticleAct.objects.get()
    assert (act.act, act.comment, act.other, act.actor) == ("move", rows[1].pk, None, mod.user)
    assert (act.reason, act.details["count"]) == ("It answers that.", 3)
    assert counters(article) == (6, 2)
    assert_sound(article)


def test_a_branch_becomes_a_thread_of_its_own(article, rows, mod):
    assert move(mod, rows[1], to="root").status_code == 303
    assert counters(article) == (6, 3)
    assert Comment.objects.get(pk=rows[2].pk).tree_id == rows[1].pk
    assert ArticleAct.objects.get().act == "split"
    assert_sound(article)


def test_a_branch_goes_to_another_article_and_its_links_follow(article, rows, mod, stranger):
    other = make_article()
    assert move(mod, rows[1], to="article", path=other.path).status_code == 303
    assert (counters(article), counters(other)) == ((3, 2), (3, 1))
    answer = stranger.get(f"/comments/{rows[2].pk}/")
    assert answer["Location"] == f"{other.path}#comment-{rows[2].pk}"
    answer = stranger.get(f"{article.path}?replytocom={rows[2].pk}")
    assert answer["Location"] == f"{other.path}?replytocom={rows[2].pk}"
    act = ArticleAct.objects.get()
    assert (act.act, act.article, act.other) == ("split", article, other)
    assert_sound(article, other)


@pytest.mark.parametrize("where", ["root", "under", "other", "under in the other"])
def test_undo_gives_back_the_very_same_order_and_counters(article, rows, mod, where):
    other = make_article()
    target = make_comment(other, "Words over there.")
    before = order(article), order(other), counters(article), counters(other)
    wanted = {
        "root": {"to": "root"},
        "under": under(rows[4]),
        "other": {"to": "article", "path": other.path},
        "under in the other": under(target),
    }
    assert move(mod, rows[1], **wanted[where]).status_code == 303
    assert (order(article), order(other)) != before[:2]
    act = ArticleAct.objects.get()
    assert undo(mod, act).status_code == 303
    assert (order(article), order(other), counters(article), counters(other)) == before
    assert ArticleAct.objects.latest("pk").undoes == act
    assert_sound(article, other)


def test_replies_that_came_since_go_back_with_their_branch(article, rows, mod):
    other = make_article()
    move(mod, rows[1], to="article", path=other.path)
    reply = make_comment(other, "Since then.", parent=rows[1])
    undo(mod, ArticleAct.objects.get())
    assert Comment.objects.get(pk=reply.pk).article_id == article.pk
    assert_sound(article, other)


def test_undo_is_refused_when_the_branch_was_moved_again_or_its_place_is_gone(article, rows, mod):
    move(mod, rows[1], to="root")
    first = ArticleAct.objects.get()
    move(mod, rows[1], **under(rows[4]))
    assert "moved again since" in undo(mod, first).content.decode()
    second = ArticleAct.objects.latest("pk")
    assert undo(mod, second).status_code == 303
    move(mod, rows[0], **under(rows[3]))
    answer = undo(mod, first)
    assert answer.status_code == 409
    assert "What it answered before does not stand there any more." in answer.content.decode()
    assert_sound(article)


def test_the_page_says_how_many_comments_go_along_and_changes_nothing(article, rows, mod):
    before = order(article)
    page = mod.get(f"/moderation/comments/{rows[1].pk}/move/?to=root").content.decode()
    assert "Moves 3 comments, 2 of them replies, which stay below it." in page
    hidden = make_article(state="hidden")
    inside = load_comments(hidden, [None])[0]
    page = mod.get(f"/moderation/comments/{inside.pk}/move/?to=article&path={article.path}")
    assert "1 comment that nobody can read now becomes public." in page.content.decode()
    assert order(article) == before


def refusals(article, rows):
    """What cannot be, each with a piece of the sentence that says so."""
    hidden, loading = make_article(state="hidden"), make_article(state="loading")
    gone = make_comment(article, "Taken away.", state="removed")
    waits = make_comment(article, "Waits.", state="held")
    link = make_comment(article, "A link.")
    Comment.objects.filter(pk=link.pk).update(kind="pingback")
    lost = make_comment(article, "Lost.")
    Comment.objects.filter(pk=lost.pk).update(kind="placeholder", body_source="", body_html="")
    return [
        (under(rows[1]), "A comment cannot answer itself."),
        (under(rows[3]), "stands below comment"),
        (under(rows[0]), "It stands there already."),
        (under(gone), "is not public, so nothing can go under it."),
        (under(waits), "is not public, so nothing can go under it."),
        (under(lost), "is not public, so nothing can go under it."),
        (under(link), "Nobody can answer a link from another site"),
        (under(load_comments(hidden, [None])[0]), "show that one first"),
        ({"to": "comment", "under": "12"}, "There is no comment 12."),
        ({"to": "comment", "under": "that one"}, "Please give the number or the link"),
        ({"to": "article", "path": "/nowhere/"}, "No article has this path"),
        ({"to": "article", "path": hidden.path}, "show that one first"),
        ({"to": "article", "path": loading.path}, "An import is writing this article"),
        ({"to": "elsewhere"}, "Please choose where it is to go."),
    ]


def test_what_cannot_be_is_refused_with_one_sentence_by_preview_and_by_act(article, rows, mod):
    wanted = refusals(article, rows)
    before = order(article)
    for target, said in wanted:
        preview = mod.get(f"/moderation/comments/{rows[1].pk}/move/", target)
        assert (preview.status_code, said in preview.content.decode()) == (422, True), said
        done = move(mod, rows[1], **target)
        assert (done.status_code, said in done.content.decode()) == (409, True), said
    assert order(article) == before
    assert not ArticleAct.objects.exists()


def test_a_comment_that_somebody_has_moved_since_is_left_where_it_is(article, rows, mod, boss):
    looked = seen(rows[1])
    move(boss, rows[1], to="root")
    answer = mod.post(f"/moderation/comments/{rows[1].pk}/move/", looked | under(rows[4]))
    assert answer.status_code == 409
    assert "Somebody has moved this comment since you looked at it." in answer.content.decode()
    assert Comment.objects.get(pk=rows[1].pk).parent_id is None
    blind = mod.post(f"/moderation/comments/{rows[1].pk}/move/", under(rows[4]))
    assert blind.status_code == 404


@pytest.mark.parametrize(
    "typed", ["{n}", "#{n}", "#comment-{n}", "/comments/{n}/", "http://x/a/#comment-{n}"]
)
def test_a_comment_is_named_by_number_or_by_any_of_its_links(article, rows, mod, typed):
    wanted = {"to": "comment", "under": typed.format(n=rows[5].pk)}
    assert move(mod, rows[1], **wanted).status_code == 303
    assert Comment.objects.get(pk=rows[1].pk).parent_id == rows[5].pk
    found = mod.get("/moderation/articles/find-comment/", {"comment": wanted["under"]})
    assert found["Location"] == f"/moderation/comments/{rows[5].pk}/move/"


def test_strangers_and_readers_move_nothing(article, rows, stranger, ben):
    before = order(article)
    assert move(stranger, rows[1], to="root").status_code == 302
    assert move(ben, rows[1], to="root").status_code == 404
    assert ben.get(f"/moderation/comments/{rows[1].pk}/move/").status_code == 404
    assert order(article) == before


def test_a_comment_that_is_not_there_is_not_found(mod, db):
    assert mod.get("/moderation/comments/77/move/").status_code == 404
    assert mod.get("/moderation/articles/find-comment/?comment=77").status_code == 404
    assert mod.get("/moderation/articles/find-comment/?comment=nonsense").status_code == 404


def test_statements_of_a_move_do_not_grow_with_the_branch(article, mod, django_assert_max_num_queries):
    target = make_article()
    for size in (3, 120):
        top = load_comments(make_article(), [None, *[0] * size])[0]
        with django_assert_max_num_queries(45):
            assert move(mod, top, to="article", path=target.path).status_code == 303
