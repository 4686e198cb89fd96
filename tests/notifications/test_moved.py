"""When the desk moves threads, nobody is told twice and nobody loses what they follow."""

from datetime import timedelta

import pytest

from forum.articles.models import ArticleAct
from forum.mail.models import Letter
from forum.notifications import digests
from forum.notifications.models import Subscription
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment
from tests.moderation.test_article_correct import undo
from tests.moderation.test_article_merge import merge
from tests.moderation.test_article_move import move, under
from tests.notifications.people import ARTICLE, REPLIES, THREAD, decide, follows, guest, held, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(article):
    """Two threads: 0 with 1, which 2 answers; and 3."""
    return load_comments(article, [None, 0, 1, None])


def told(mod, article, parent: Comment | None = None, body: str = "Fresh words.") -> list[str]:
    """To whom letters go about a new comment."""
    before = set(Letter.objects.values_list("pk", flat=True))
    decide(mod, "approve", held(article, body, parent=parent))
    return sorted(letter.to for letter in waiting() if letter.pk not in before)


def everything() -> list[tuple]:
    fields = ("pk", "scope", "article", "comment", "pace", "confirmed_at", "ended_at", "told_at")
    return list(Subscription.objects.order_by("pk").values_list(*fields))


def last_act() -> ArticleAct:
    return ArticleAct.objects.latest("pk")


def test_who_follows_a_thread_that_joins_another_follows_that_one(article, rows, mod):
    follows(guest("Fan"), THREAD, rows[3])
    before = everything()
    move(mod, rows[3], **under(rows[2]))
    assert told(mod, article, rows[3]) == ["fan@guest.example"]
    undo(mod, last_act())
    assert everything() == before
    assert told(mod, article, rows[0], "To the first thread.") == []
    assert told(mod, article, rows[3], "To the second.") == ["fan@guest.example"]


def test_who_follows_both_threads_is_told_once_and_has_both_again_after_undo(article, rows, mod):
    fan = guest("Fan")
    follows(fan, THREAD, rows[3])
    follows(fan, THREAD, rows[0])
    before = everything()
    move(mod, rows[3], **under(rows[2]))
    assert told(mod, article, rows[3]) == ["fan@guest.example"]
    undo(mod, last_act())
    assert everything() == before


def test_who_follows_a_thread_follows_what_is_split_off_as_well(article, rows, mod):
    follows(guest("Fan"), THREAD, rows[0])
    follows(guest("Gone"), THREAD, rows[0], ended_at=rows[0].received_at)
    before = everything()
    other = make_article()
    move(mod, rows[1], to="article", path=other.path)
    assert told(mod, other, rows[2]) == ["fan@guest.example"]
    assert told(mod, article, rows[0], "To the old one.") == ["fan@guest.example"]
    undo(mod, last_act())
    assert everything() == before


def test_control_without_following_along_a_split_off_thread_tells_nobody(article, rows, mod, monkeypatch):
    monkeypatch.setattr("forum.notifications.subscriptions_moved.thread_split", lambda root, branch: [])
    follows(guest("Fan"), THREAD, rows[0])
    move(mod, rows[1], to="root")
    assert told(mod, article, rows[2]) == []


def test_a_whole_thread_takes_its_followers_to_another_article(article, rows, mod):
    follows(guest("Fan"), THREAD, rows[0])
    follows(guest("Reader"), ARTICLE, article)
    before, other = everything(), make_article()
    move(mod, rows[0], to="article", path=other.path)
    assert everything() == before
    assert told(mod, other, rows[2]) == ["fan@guest.example"]


def test_who_follows_a_merged_article_follows_the_other_one_and_is_told_once(article, rows, mod):
    fan, both, ended = guest("Fan"), guest("Both"), guest("Ended")
    other = make_article()
    follows(fan, ARTICLE, article)
    for where in (article, other):
        follows(both, ARTICLE, where)
    follows(ended, ARTICLE, article)
    follows(ended, ARTICLE, other, ended_at=rows[0].received_at)
    before = everything()
    merge(mod, article, other)
    assert told(mod, other, rows[0]) == ["both@guest.example", "fan@guest.example"]
    undo(mod, last_act())
    assert everything() == before
    assert told(mod, article) == ["both@guest.example", "ended@guest.example", "fan@guest.example"]


def test_a_letter_that_has_not_left_goes_to_whom_the_reply_answers_by_now(article, mod):
    vera, otto = guest("Vera"), guest("Otto")
    for one in (vera, otto):
        follows(one, REPLIES)
    first = make_comment(article, "What Vera wrote.", name="Vera", author=vera.author)
    second = make_comment(article, "What Otto wrote.", name="Otto", author=otto.author)
    reply = held(article, "It depends.", parent=first)
    decide(mod, "approve", reply)
    assert [letter.to for letter in waiting()] == ["vera@guest.example"]
    move(mod, reply, **under(second))
    (letter,) = waiting()
    assert letter.to == "otto@guest.example"
    assert "What Otto wrote." in letter.text
    undo(mod, last_act())
    assert [letter.to for letter in waiting()] == ["vera@guest.example"]


def test_nobody_is_told_again_of_a_comment_that_was_told_of(article, mod):
    vera, otto = guest("Vera"), guest("Otto")
    for one in (vera, otto):
        follows(one, REPLIES)
    first = make_comment(article, "What Vera wrote.", name="Vera", author=vera.author)
    second = make_comment(article, "What Otto wrote.", name="Otto", author=otto.author)
    reply = held(article, "It depends.", parent=first)
    decide(mod, "approve", reply)
    Letter.objects.update(sent_at=reply.received_at)
    move(mod, reply, **under(second))
    assert Letter.objects.count() == 1


def test_statements_do_not_grow_with_the_followers(article, rows, mod, django_assert_max_num_queries):
    for count in (2, 40):
        for n in range(count):
            follows(guest(f"Fan{count}-{n}"), THREAD, rows[0])
        with django_assert_max_num_queries(45):
            assert move(mod, rows[1], to="root").status_code == 303
        undo(mod, last_act())


def test_a_daily_letter_lists_what_was_merged_once_and_not_again(article, mod, settings):
    settings.UNDO_WINDOW = timedelta(0)
    other, fan, both = make_article(), guest("Fan"), guest("Both")
    follows(fan, ARTICLE, article, pace="daily")
    for where in (article, other):
        follows(both, ARTICLE, where, pace="daily")
    make_comment(article, "Told on the first day.")
    assert digests.write_digests() == 2
    make_comment(article, "Told on the second.")
    merge(mod, article, other)
    assert digests.write_digests() == 2
    for letter in Letter.objects.order_by("-pk")[:2]:
        assert letter.text.count("Told on the second.") == 1
        assert "Told on the first day." not in letter.text
    assert digests.write_digests() == 0
