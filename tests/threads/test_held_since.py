"""Since when a comment waits: said whenever it becomes held, by the writers alone, and by nothing else."""

import datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from forum.moderation.models import Case
from forum.threads import check, tree, writing
from forum.threads.check import What
from forum.threads.models import Comment
from forum.threads.states import Origin, State
from tests.make import load_comments, make_comment

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def moved(comment: Comment, state: State, away: datetime.timedelta | None = None) -> Comment:
    """The comment in another state, as its row says it; what the writer was given says the same."""
    with tree.locked(comment.article_id):
        row = Comment.objects.get(pk=comment.pk)
        writing.set_states([writing.Move(row, state, away=away)])
    stored = Comment.objects.get(pk=comment.pk)
    assert (stored.held_at, stored.state) == (row.held_at, row.state)
    return stored


def long_held(article) -> Comment:
    """A comment that has been held for years."""
    comment = make_comment(article, state=State.HELD)
    Comment.objects.filter(pk=comment.pk).update(held_at=LONG_AGO, received_at=LONG_AGO)
    return comment


def test_only_what_was_ever_held_says_since_when(article):
    held, public = make_comment(article, state=State.HELD), make_comment(article)
    assert held.held_at == held.waits_since == held.received_at
    assert public.held_at is None
    assert public.waits_since == public.received_at


def test_a_wait_begins_when_a_comment_becomes_held_and_not_when_it_was_received(article):
    comment = make_comment(article)
    Comment.objects.filter(pk=comment.pk).update(received_at=LONG_AGO)
    before = timezone.now()
    assert before <= moved(comment, State.HELD).held_at <= timezone.now()


def test_what_is_decided_keeps_since_when_it_waited_and_a_new_wait_begins_anew(article):
    comment = long_held(article)
    assert moved(comment, State.VISIBLE).held_at == LONG_AGO
    assert moved(comment, State.HELD).held_at > timezone.now() - DAY


def test_a_wait_that_goes_on_leaves_out_how_long_the_comment_was_away(article):
    comment = long_held(article)
    moved(comment, State.VISIBLE)
    assert moved(comment, State.HELD, 3 * DAY).held_at == LONG_AGO + 3 * DAY
    never = make_comment(article)
    assert moved(never, State.HELD, 3 * DAY).held_at > timezone.now() - DAY


def test_what_stays_held_waits_on(article):
    assert moved(long_held(article), State.HELD).held_at == LONG_AGO


def test_archived_words_that_come_held_wait_from_their_arrival(article):
    values = {"article": article, "origin": Origin.ARCHIVE, "received_at": timezone.now()}
    with tree.locked(article.pk):
        numbers = tree.take_numbers(2)
        new = [
            Comment(pk=pk, order_key=pk, state=state, **values)
            for pk, state in zip(numbers, (State.HELD, State.VISIBLE), strict=True)
        ]
        writing.load(article, new)
    held, public = Comment.objects.order_by("pk")
    assert held.held_at == held.received_at
    assert public.held_at is None


def test_words_that_their_source_holds_by_now_wait_from_now_on_and_those_held_before_wait_on(article):
    turned, waiting, stays = load_comments(article, [None, None, None])
    Comment.objects.filter(pk=waiting.pk).update(state=State.HELD, held_at=LONG_AGO)
    with tree.locked(article.pk):
        rows = list(Comment.objects.order_by("pk"))
        rows[0].state = State.HELD
        writing.correct(rows)
    said = dict(Comment.objects.values_list("pk", "held_at"))
    assert said[turned.pk] > timezone.now() - DAY
    assert (said[waiting.pk], said[stays.pk]) == (LONG_AGO, None)


def test_the_checker_finds_what_is_held_since_nobody_knows_when_and_repairs_it(article):
    comment, sound = make_comment(article, state=State.HELD), make_comment(article, state=State.HELD)
    assert check.examine(article.pk) == []
    Comment.objects.filter(pk=comment.pk).update(held_at=None, received_at=LONG_AGO)
    (fault,) = check.examine(article.pk)
    assert (fault.what, fault.comment) == (What.WAIT, comment.pk)
    assert check.repair(article.pk).left == []
    said = dict(Comment.objects.values_list("pk", "held_at"))
    assert said == {comment.pk: LONG_AGO, sound.pk: sound.held_at}


def test_what_was_held_before_the_column_was_there_waits_since_its_newest_case(article):
    opened = {n: LONG_AGO + n * DAY for n in range(5)}
    hidden, plain, public, appealed = (
        make_comment(article, state=state) for state in ("held", "held", "visible", "held")
    )
    Comment.objects.update(held_at=None, received_at=LONG_AGO)
    for comment, cause, n, closed in (
        (hidden, "new", 1, opened[2]),
        (hidden, "import", 2, None),
        (hidden, "reports", 3, None),
        (public, "reports", 3, None),
        (appealed, "reports", 1, None),
        (appealed, "appeal", 4, None),
    ):
        Case.objects.create(comment=comment, cause=cause, opened=opened[n], closed=closed)
    import_module("forum.migrations.0018_what_waits_says_since_when").say_since_when(apps, None)
    said = dict(Comment.objects.values_list("pk", "held_at"))
    assert said == {hidden.pk: opened[3], plain.pk: LONG_AGO, public.pk: None, appealed.pk: opened[1]}
