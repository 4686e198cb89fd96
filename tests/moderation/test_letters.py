"""Letters to the staff: to whom, how often, what stands in them, and what does not."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from forum.accounts.models import Role, User
from forum.mail.models import Letter
from forum.moderation import cases, decisions, letters
from forum.moderation.models import Case
from forum.moderation.models_people import DeskLetters
from forum.moderation.models_requests import Appeal, Report, TakeDown
from tests.make import make_comment, make_user
from tests.moderation.desk import desk, hold, report

pytestmark = pytest.mark.django_db
AT_ONCE, HOURLY, DAILY, NEVER = "at_once", "hourly", "daily", "never"


@pytest.fixture(autouse=True)
def _address(settings):
    settings.SITE_URL = "https://afterword.example"


def wants(user: User, pace: str, ago: timedelta = timedelta(days=2)) -> User:
    """Somebody who chose letters, and was told last some time ago."""
    letters.choose(user, DeskLetters.Pace(pace))
    DeskLetters.objects.filter(user=user).update(told_at=timezone.now() - ago)
    return user


def text() -> str:
    """The one letter that waits, on lines as its writer made them."""
    return Letter.objects.waiting().get().text


def write(after: timedelta = timedelta(0)) -> int:
    """Write what is due some time from now."""
    return letters.write_due(timezone.now() + after)


def test_nobody_gets_letters_without_having_chosen_them(article, mod, boss):
    hold(article)
    assert write() == 0
    assert "checked" in re.search(r'<input[^>]*value="never"[^>]*>', desk(mod, "/moderation/letters/"))[0]
    wants(mod.user, AT_ONCE)
    assert write() == 1
    assert Letter.objects.get().to == mod.user.email


def test_a_letter_tells_what_waits_what_it_answers_and_how_to_decide(article, mod):
    wants(mod.user, DAILY)
    parent = make_comment(article, "What about my knee?", name="Vera")
    private = {"email": "secret@mail.example", "ip": "203.0.113.9", "user_agent": "Spy/1.0"}
    comment = hold(
        article, "Try a stick.\n> Not mine.", name="Kim\nBcc: x@y.example", parent=parent, **private
    )
    assert write() == 1
    said = text()
    assert "> What about my knee?" in said
    assert "> Try a stick." in said
    assert "In reply to Vera:" in said
    assert f"https://afterword.example/moderation/comments/{comment.pk}/" in said
    assert len(re.findall(r"https://afterword\.example/moderation/by-mail/\S+/", said)) == 3
    assert "The oldest held comment has waited" in said
    assert "\nBcc" not in said
    for word in ("secret@", "203.0.113.9", "Spy/1.0", "<p>"):
        assert word not in said
    assert Letter.objects.get().headers == {}


def test_ten_stand_in_full_and_the_rest_as_a_number(article, mod):
    wants(mod.user, AT_ONCE)
    for n in range(13):
        hold(article, f"Waiting words {n}.")
    write()
    assert text().count("> Waiting words") == 10
    assert "… and 3 more comments." in text()
    assert "In all: 13 held." in text()


def test_only_what_is_new_is_told(article, mod):
    wants(mod.user, HOURLY, timedelta(hours=1))
    old = hold(article, "Old words.")
    Case.objects.filter(comment=old).update(opened=timezone.now() - timedelta(hours=2))
    assert write() == 0
    hold(article, "New words.")
    assert write() == 1
    assert "New words." in text()
    assert "Old words." not in text()
    assert write(timedelta(hours=2)) == 0


@pytest.mark.parametrize(("pace", "gap"), [(AT_ONCE, 10), (HOURLY, 60), (DAILY, 24 * 60)])
def test_one_letter_at_most_in_each_pace_however_much_comes(article, mod, pace, gap):
    wants(mod.user, pace, timedelta(minutes=gap))
    hold(article, "The first.")
    assert write() == 1
    for n in range(5):
        hold(article, f"Wave {n}.")
        assert write(timedelta(minutes=gap - 1)) == 0
    Letter.objects.update(sent_at=timezone.now())
    assert write(timedelta(minutes=gap + 1)) == 1
    assert text().count("> Wave") == 5


def test_a_wave_of_spam_makes_one_letter_for_each_who_asked(article, mod, boss):
    wants(mod.user, AT_ONCE)
    wants(boss.user, DAILY)
    for n in range(60):
        hold(article, f"Buy {n}.")
        write()
    assert Letter.objects.count() == 2


def test_what_was_decided_before_the_letter_leaves_is_not_in_it(article, mod, boss):
    wants(mod.user, AT_ONCE)
    first, second = hold(article, "Decided meanwhile."), hold(article, "Waits still.")
    write()
    assert "Decided meanwhile." in text()
    decisions.decide("approve", first.pk, boss.user)
    assert write() == 1
    assert "Decided meanwhile." not in text()
    assert "Waits still." in text()
    decisions.decide("spam", second.pk, boss.user)
    assert write() == 0
    assert Letter.objects.waiting().count() == 0


def test_control_a_letter_that_is_still_right_is_left_alone(article, mod):
    wants(mod.user, AT_ONCE)
    hold(article)
    write()
    number = Letter.objects.get().pk
    assert write(timedelta(hours=1)) == 0
    assert Letter.objects.waiting().get().pk == number


def test_a_letter_that_is_being_sent_is_left_to_its_sender(article, mod, boss):
    wants(mod.user, AT_ONCE)
    comment = hold(article)
    write()
    Letter.objects.update(lease="held", lease_until=timezone.now() + timedelta(minutes=5))
    decisions.decide("approve", comment.pk, boss.user)
    assert write() == 0
    assert Letter.objects.get().cancelled_at is None


def _no_role(user: User) -> None:
    User.objects.filter(pk=user.pk).update(role=Role.READER)


def _switched_off(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def _unproved(user: User) -> None:
    EmailAddress.objects.filter(user=user).update(verified=False)


def _other_address(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email="new@example.org")


@pytest.mark.parametrize("change", [_no_role, _switched_off, _unproved, _other_address])
def test_nothing_goes_to_who_is_not_of_the_staff_any_more_or_has_no_address(article, mod, change):
    wants(mod.user, AT_ONCE)
    change(mod.user)
    hold(article)
    assert write() == 0
    assert Letter.objects.count() == 0


@pytest.mark.parametrize("change", [_no_role, _switched_off])
def test_a_letter_that_has_not_left_is_taken_back_from_who_loses_the_role(article, mod, change):
    wants(mod.user, AT_ONCE)
    hold(article)
    write()
    change(mod.user)
    write()
    assert Letter.objects.waiting().count() == 0


def test_nothing_goes_to_staff_without_the_second_factor_that_they_need(article, mod, settings):
    wants(mod.user, AT_ONCE)
    hold(article)
    settings.REQUIRE_SECOND_FACTOR = True
    assert write() == 0
    settings.REQUIRE_SECOND_FACTOR = False
    assert write() == 1


def test_reports_appeals_edits_and_take_downs_are_told_too(article, mod, boss):
    wants(mod.user, DAILY)
    reported = report(make_comment(article, "Reported words."))
    Report.objects.create(case=reported.cases.get(), trace="t", reason="harm", text="canary of a reporter")
    refused = make_comment(article, "Refused words.", state="held")
    decision = decisions.decide("reject", refused.pk, boss.user)
    Appeal.objects.create(decision=decision, text="Please look again.")
    cases.open_case(refused, Case.Cause.APPEAL)
    TakeDown.objects.create(where="somewhere", wish="erase", name="canary name", email="canary@mail.example")
    write()
    said = text()
    assert "Reported: Its advice could harm" in said
    assert "> Please look again." in said
    assert "1 take-down request for which nobody has found the comment yet." in said
    assert "canary" not in said
    assert len(re.findall(r"^(?:Keep|Remove|Spam|Approve|Reject):$", said, re.MULTILINE)) == 3


def test_an_appeal_is_not_told_to_whom_it_is_against(article, mod, boss):
    wants(mod.user, AT_ONCE)
    wants(boss.user, AT_ONCE)
    refused = make_comment(article, "Refused words.", state="held")
    decision = decisions.decide("reject", refused.pk, mod.user)
    Appeal.objects.create(decision=decision, text="Please.")
    cases.open_case(refused, Case.Cause.APPEAL)
    assert write() == 1
    assert Letter.objects.get().to == boss.user.email


def test_the_page_changes_the_pace_and_takes_back_what_has_not_left(article, mod):
    wants(mod.user, AT_ONCE)
    hold(article)
    write()
    assert mod.post("/moderation/letters/", {"pace": NEVER}).status_code == 303
    assert letters.pace_of(mod.user) == NEVER
    assert Letter.objects.waiting().count() == 0
    assert mod.post("/moderation/letters/", {"pace": HOURLY}).status_code == 303
    assert write(timedelta(days=1)) == 0  # what waited already is not told


def test_nonsense_and_a_missing_address_are_told_in_one_sentence(mod):
    answer = mod.post("/moderation/letters/", {"pace": "yearly"})
    assert answer.status_code == 422
    assert "Please choose how often letters shall come." in answer.content.decode()
    _unproved(mod.user)
    answer = mod.post("/moderation/letters/", {"pace": DAILY})
    assert answer.status_code == 422
    assert "has no verified address yet" in answer.content.decode()
    assert not DeskLetters.objects.exists()


def test_the_sender_writes_them_right_before_it_sends(article, mod, mailoutbox):
    wants(mod.user, AT_ONCE)
    hold(article, "Waiting words.")
    call_command("send_letters")
    (sent,) = mailoutbox
    assert sent.to == [mod.user.email]
    assert "> Waiting words." in sent.body


def test_looking_costs_two_statements_while_nobody_wants_letters(article, django_assert_max_num_queries):
    for n in range(3):
        make_user(f"mod{n}", Role.MODERATOR)
    hold(article)
    with django_assert_max_num_queries(2):
        write()


def test_statements_do_not_grow_with_what_waits(article, mod, django_assert_max_num_queries):
    wants(mod.user, AT_ONCE)
    for _n in range(2):
        hold(article)
    with django_assert_max_num_queries(40) as few:
        write()
    Letter.objects.all().delete()
    wants(mod.user, AT_ONCE)
    for _n in range(20):
        hold(article)
    with django_assert_max_num_queries(len(few)):
        assert write() == 1
