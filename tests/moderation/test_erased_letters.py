"""Erased words go from letters as well: to their authors, to the staff, sent or waiting, and from batches."""

import pytest
from django.utils import timezone

from forum.mail.models import Letter
from forum.moderation import bulk, decisions, takedowns, takedowns_answer
from forum.moderation.decisions import Grounds
from forum.moderation.models import Batch, Decision
from forum.moderation.takedowns_answer import Answer
from forum.threads.models import Comment
from tests.make import make_comment
from tests.moderation.desk import hold
from tests.moderation.test_letters import AT_ONCE, wants, write
from tests.posting.own import proved, waits

pytestmark = pytest.mark.django_db
SECRET = "Canarywords"
QUOTING = Grounds(reason=f"You say: {SECRET}.", note=f"{SECRET} again.")


def take_down(comment: Comment, actor, outcome: str = "erased") -> None:
    """A request about a comment that is answered so."""
    request = takedowns.ask(takedowns.Asked("erase", comment=comment.pk))
    takedowns_answer.answer(request.pk, Answer(outcome), actor)


def holding(word: str = SECRET) -> list[str]:
    """What the letters that hold a word are about, by the beginning of it."""
    return [one.about.split("-")[0] for one in Letter.objects.order_by("pk") if word in one.text]


@pytest.mark.parametrize("has_left", [False, True])
def test_a_letter_to_the_author_with_a_reason_that_quotes_goes(article, mod, has_left):
    comment, _vera = waits(article, SECRET, author=proved())
    decisions.decide("reject", comment.pk, mod.user, grounds=QUOTING)
    other, _nora = waits(article, "Other words.", author=proved("Nora"))
    decisions.decide("reject", other.pk, mod.user, grounds=QUOTING)
    if has_left:
        Letter.objects.update(sent_at=timezone.now())
    assert holding() == ["status", "status"]
    take_down(comment, mod.user)
    letter, told = Letter.objects.filter(about=f"status-{comment.pk}").order_by("pk")
    assert "It has been erased after a request" in " ".join(told.text.split())
    assert SECRET not in told.text
    assert (letter.text, letter.cancelled_at is None) == ("", has_left)
    control = Letter.objects.get(about=f"status-{other.pk}")
    assert SECRET in control.text
    assert control.cancelled_at is None


@pytest.mark.parametrize("has_left", [False, True])
@pytest.mark.parametrize("is_answered", [False, True])
def test_a_letter_to_the_staff_that_shows_the_comment_goes(article, mod, has_left, is_answered):
    wants(mod.user, AT_ONCE)
    comment = make_comment(article, SECRET) if is_answered else hold(article, SECRET)
    waiting = hold(article, "Waits still.", parent=comment if is_answered else None)
    write()
    if has_left:
        Letter.objects.update(sent_at=timezone.now())
    assert holding() == ["desk"]
    take_down(comment, mod.user)
    assert holding() == []
    assert Letter.objects.get().text == ""
    assert write() == (0 if has_left else 1)  # what has not left is told anew
    told = [one.text for one in Letter.objects.waiting()]
    assert [f"/moderation/comments/{waiting.pk}/" in one for one in told] == ([] if has_left else [True])


def test_a_name_that_is_taken_off_goes_from_letters_to_the_staff_too(article, mod):
    wants(mod.user, AT_ONCE)
    hold(article, "I agree.", parent=make_comment(article, "Words.", name=SECRET))
    write()
    assert holding() == ["desk"]
    take_down(Comment.objects.get(body_source="Words."), mod.user, "unnamed")
    assert write() == 1
    assert holding() == []


def test_control_letters_to_the_staff_about_something_else_are_left_alone(article, mod):
    wants(mod.user, AT_ONCE)
    hold(article, "Waits.")
    write()
    before = Letter.objects.get()
    take_down(make_comment(article, SECRET), mod.user)
    assert write() == 0
    assert Letter.objects.get().text == before.text


def test_a_letter_written_before_an_erasure_is_never_right_and_one_after_it_is(article, mod):
    wants(mod.user, AT_ONCE)
    comment = hold(article, SECRET)
    takedowns.ask(takedowns.Asked("other", comment=comment.pk))
    write()
    take_down(comment, mod.user)
    takedowns.ask(takedowns.Asked("other", comment=comment.pk, text="And me."))
    assert write() == 1
    assert holding() == []
    assert write() == 0  # the case of the second request keeps it right
    Comment.objects.filter(pk=comment.pk).update(erased_at=timezone.now())
    assert write() == 1


def test_an_address_in_quoted_words_or_a_name_makes_no_letter_to_the_staff_stale(article, mod):
    wants(mod.user, AT_ONCE)
    link = "https://afterword.example/moderation/comments/999/"
    hold(article, f"{link}\n\n{link}", name=link)
    assert write() == 1
    assert Letter.objects.get().text.count("/comments/999/") == 3
    assert write() == 0
    decided = Comment.objects.get()
    decisions.decide("approve", decided.pk, mod.user)
    write()
    assert not Letter.objects.waiting().exists()  # control: what it lists does


def test_the_reason_and_the_note_of_a_batch_go_with_a_comment_of_it(article, mod):
    first, second, third = (hold(article, f"{SECRET} {n}.") for n in range(3))
    for chosen in ({first.pk: None, second.pk: None}, {third.pk: None}):
        bulk.run(bulk.start("reject", chosen, mod.user, grounds=QUOTING))
    take_down(first, mod.user)
    assert [(one.reason, one.note) for one in Batch.objects.order_by("at")] == [
        ("", ""),
        (QUOTING.reason, QUOTING.note),
    ]
    reasons = dict(Decision.objects.filter(act="reject").values_list("comment", "reason"))
    assert reasons == {first.pk: "", second.pk: QUOTING.reason, third.pk: QUOTING.reason}
