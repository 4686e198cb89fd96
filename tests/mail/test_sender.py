"""Figure E1: whatever the mail server does, nothing is lost, order is kept, and copies are known as such."""

import datetime
from collections import Counter

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from forum.mail import message, sender, writing
from forum.mail.failures import TRIES, Fate, closed_for, delay, judge
from forum.mail.models import Letter
from forum.mail.queries import OPEN, LetterQuerySet
from tests.mail.post_office import Clock, send

ORDER = {"ann@mail.example": [0, 3, 6], "ben@mail.example": [1, 4, 7], "cleo@mail.example": [2, 5, 8]}
FRESH = {"tries": 0, "dead_at": None, "error": "", "lease": ""}


def states() -> Counter:
    """How many letters are in which state."""
    return Counter(letter.state for letter in Letter.objects.all())


def till_all_is_over(clock: Clock) -> None:
    """Go from try to try until no letter is open."""
    for _ in range(500):
        if not clock.to_next_try():
            return
        send(clock)
    pytest.fail("Letters are still open after 500 rounds.")


def test_figure_e1_each_letter_arrives_once_in_order_over_one_connection(post, letters, clock):
    assert send(clock) == sender.Tally(sent=9)
    assert post.numbers == ORDER
    assert post.calls == 1
    assert {r.message_id for r in post.received} == {letter.message_id for letter in letters}
    assert send(clock) == sender.Tally()


def test_figure_e1_server_that_refuses_for_an_hour_costs_no_letter_a_try(post, letters, clock):
    post.shut()
    stop, opens = sender.Stop(), clock.at + datetime.timedelta(hours=1)

    def pause(seconds: float) -> None:
        clock.wait(seconds=seconds)
        if clock.at >= opens and not post.is_open:
            post.open()
        stop.asked = not Letter.objects.waiting().exists()

    sender.watch(stop, now=clock, pause=pause)
    assert post.numbers == ORDER
    assert Letter.objects.filter(**FRESH, sent_at__gte=opens).count() == 9


def test_figure_e1_server_that_refuses_for_two_days_kills_no_letter(post, letters, clock):
    post.shut()
    for _ in range(2 * 24 * 12):
        assert "Refused" in send(clock).closed
        clock.wait(minutes=5)
    assert states() == {Letter.State.WAITING: 9}
    assert "Refused" in Letter.objects.waiting().first().error
    post.open()
    assert send(clock).sent == 9
    assert post.numbers == ORDER


@pytest.mark.parametrize("mode", ["close", "die at once", "MAIL 550 5.7.1 You may not.", "MAIL 451 Full."])
def test_figure_e1_server_that_takes_no_sender_loses_nothing(post, letters, clock, mode):
    post.mode = mode
    for _ in range(5):
        send(clock)
        clock.to_next_try()
    assert (states(), post.received) == ({Letter.State.WAITING: 9}, [])
    post.mode = ""
    till_all_is_over(clock)
    assert post.numbers == ORDER


@pytest.mark.parametrize("mode", ["hang", "die"])
def test_figure_e1_no_answer_after_data_gives_copies_with_the_same_message_id(post, letters, clock, mode):
    post.mode = mode
    assert send(clock) == sender.Tally(later=3)
    clock.to_next_try()
    post.mode = ""
    till_all_is_over(clock)
    copies = Counter(r.message_id for r in post.received)
    assert sorted(copies.values()) == [1] * 6 + [2] * 3
    assert set(copies) == {letter.message_id for letter in letters}
    assert post.numbers == {to: [line[0], *line] for to, line in ORDER.items()}
    for letter in letters:
        assert len({r.raw for r in post.received if r.message_id == letter.message_id}) == 1


@pytest.mark.parametrize("mode", ["451 4.2.1 Later.", "552 5.2.2 Full.", "DATA 452 4.3.1 Full."])
def test_figure_e1_temporary_refusal_is_tried_for_two_days_and_then_given_up(post, letters, clock, mode):
    post.mode = mode
    begun = clock.at
    till_all_is_over(clock)
    assert clock.at - begun >= 3 * datetime.timedelta(hours=48)  # three letters in each line, one by one
    said = mode.removeprefix("DATA ")
    assert Letter.objects.dead().filter(why=Letter.Why.TRIES, tries=TRIES, error=said).count() == 9
    post.mode = ""
    assert writing.try_again([letter.pk for letter in letters]) == 9
    assert send(Clock()).sent == 9
    assert len(post.received) == 9


@pytest.mark.parametrize(
    ("mode", "why"), [("550 5.1.1 Nobody.", Letter.Why.REFUSED), ("DATA 554 5.6.0 No.", Letter.Why.CONTENT)]
)
def test_lasting_refusal_parks_a_letter_and_lets_the_next_one_pass(post, letters, clock, mode, why):
    post.mode = mode
    assert send(clock) == sender.Tally(dead=9)
    assert Letter.objects.dead().filter(why=why, error=mode.removeprefix("DATA ")).count() == 9
    vanished = Letter.objects.vanished_since(clock.at)
    assert vanished.count() == (9 if why == Letter.Why.REFUSED else 0)


def test_figure_e1_letter_that_waits_for_its_next_try_holds_up_its_line_alone(post, letters, clock):
    post.answers = {"ann@mail.example": ["451 4.7.1 Greylisted."]}
    assert send(clock) == sender.Tally(sent=6, later=1)
    assert set(post.numbers) == {"ben@mail.example", "cleo@mail.example"}
    clock.to_next_try()
    assert send(clock).sent == 3
    assert post.numbers == ORDER


def test_figure_e1_control_without_the_line_the_order_is_lost(post, letters, clock, monkeypatch):
    def anything(self, now):
        return self.filter(OPEN, due_at__lte=now, lease="").order_by("due_at", "id")

    monkeypatch.setattr(LetterQuerySet, "leasable", anything)
    post.answers = {"ann@mail.example": ["451 4.7.1 Greylisted."]}
    send(clock)
    clock.to_next_try()
    send(clock)
    assert post.numbers["ann@mail.example"] == [3, 6, 0]


def test_urgent_letter_waits_for_no_other_and_holds_up_none(post, letters, clock):
    writing.write("code", "ann@mail.example", "Your code 99", "123456", urgent=True)
    post.answers = {"ann@mail.example": ["451 4.7.1 Greylisted."]}
    assert send(Clock()) == sender.Tally(sent=9, later=1)
    assert post.numbers["ann@mail.example"] == [0, 3, 6]
    post.answers = {}
    clock.wait(hours=1)
    assert send(clock).sent == 1
    assert post.numbers["ann@mail.example"] == [0, 3, 6, 99]


def test_urgent_letter_leaves_before_all_that_wait(post, letters, clock):
    writing.write("code", "dora@mail.example", "Your code 99", "123456", urgent=True)
    assert send(Clock()).sent == 10
    assert post.received[0].number == 99


def test_letter_in_its_window_stays_and_lets_later_ones_pass(post, letters, clock):
    later = clock.at + datetime.timedelta(minutes=5)
    early = writing.write("early", "ann@mail.example", "Letter 10", "In five minutes.", not_before=later)
    writing.write("late", "ann@mail.example", "Letter 11", "At once.")
    assert send(Clock()).sent == 10
    assert post.numbers["ann@mail.example"] == [0, 3, 6, 11]
    clock.wait(minutes=6)
    assert send(clock).sent == 1
    assert post.received[-1].message_id == early.message_id


def test_letter_cancelled_while_a_sender_holds_it_does_not_leave(post, clock):
    letter = writing.write("k", "dora@mail.example", "About 12", "Words.", about="comment 12")
    Letter.objects.exclude(pk=letter.pk).delete()
    held = sender.lease(Clock().at)
    assert held == letter
    assert writing.cancel("comment 12") == 1
    assert not sender.still_due(held, clock.at)
    assert send(clock) == sender.Tally()
    assert post.received == []


def test_letter_cancelled_between_lease_and_conversation_does_not_leave(post, letters, clock, monkeypatch):
    Letter.objects.update(about="comment 12")
    monkeypatch.setattr(sender.Sender, "_call", lambda self: writing.cancel("comment 12"))
    assert send(clock) == sender.Tally()
    assert states() == {Letter.State.CANCELLED: 9}
    assert post.received == []


def test_lease_that_another_sender_has_taken_over_is_not_sent(post, letters, clock):
    first = sender.lease(clock.at)
    clock.wait(minutes=11)
    second = sender.lease(clock.at)
    assert (first.pk, first.lease == second.lease) == (second.pk, False)
    assert not sender.still_due(first, clock.at)
    assert sender.still_due(second, clock.at)


def test_letter_that_cannot_be_put_together_is_parked_and_stops_no_other(post, letters, clock):
    Letter.objects.filter(key="k0").update(to="ann@mail.example\nBcc: eve@mail.example")
    assert send(clock) == sender.Tally(sent=8, dead=1)
    assert Letter.objects.get(key="k0").why == Letter.Why.UNSENDABLE
    assert "eve@mail.example" not in post.numbers


def test_sender_that_is_asked_to_end_ends_after_the_letter_in_its_hands(post, letters, clock, monkeypatch):
    stop = sender.Stop()
    monkeypatch.setattr(sender, "build", lambda letter: setattr(stop, "asked", True) or message.build(letter))
    assert sender.Sender(clock).round(stop) == sender.Tally(sent=1)
    assert states() == {Letter.State.SENT: 1, Letter.State.WAITING: 8}
    assert not Letter.objects.exclude(lease="").exists()


@pytest.mark.django_db(transaction=True)
def test_database_that_is_away_for_a_while_is_waited_for(post, letters, clock, monkeypatch):
    stop, lease, outages = sender.Stop(), sender.lease, [OperationalError("gone"), OperationalError("gone")]

    def lease_or_fail(now):
        if outages:
            raise outages.pop()
        return lease(now)

    def pause(seconds: float) -> None:
        stop.asked = not outages and not Letter.objects.waiting().exists()

    monkeypatch.setattr(sender, "lease", lease_or_fail)
    sender.watch(stop, now=clock, pause=pause)
    assert post.numbers == ORDER


def test_command_sends_what_is_due_and_says_when_the_server_takes_nothing(post, letters, capsys):
    call_command("send_letters")
    assert capsys.readouterr().out == "9 sent, 0 to be tried later, 0 given up.\n"
    writing.write("more", "ann@mail.example", "Letter 9", "One more.")
    post.shut()
    with pytest.raises(CommandError, match="takes no letters now: ConnectionRefusedError"):
        call_command("send_letters", "--once")


def test_delays_grow_and_last_two_days_in_all():
    spans = [delay(n) for n in range(1, TRIES)]
    minute = datetime.timedelta(minutes=1)
    for n, span in enumerate(spans[:8]):
        assert 2**n * minute <= span <= 2**n * 1.25 * minute
    assert max(spans) <= datetime.timedelta(hours=4)
    assert sum(spans, datetime.timedelta()) >= datetime.timedelta(hours=48)
    assert len({delay(5) for _ in range(20)}) > 1
    assert all(5 <= closed_for(n) <= 300 for n in (1, 2, 50, 10_000))


def test_failures_that_nobody_foresaw_are_the_letters_own():
    assert judge(ValueError("Invalid address")).fate is Fate.DEAD
    assert judge(TimeoutError("timed out")).fate is Fate.LATER
