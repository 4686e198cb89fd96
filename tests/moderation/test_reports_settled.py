"""What reports together do: enough of them hold a comment, and decisions say who was right."""

import pytest
from django.test import Client

from forum.accounts.models import Address, Author
from forum.accounts.viewer import OWN_COOKIE
from forum.mail.models import Letter
from forum.moderation import decisions, reports, undo
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Report
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment, make_user
from tests.moderation.desk import desk
from tests.moderation.test_reports import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article) -> Comment:
    """A public comment."""
    return make_comment(article, "Buy my sticks.")


def reader(name: str, **client) -> Client:
    """A signed-in reader with a proved address, in a network of their own."""
    user = make_user(name)
    browser = Client(**({"REMOTE_ADDR": f"198.51.100.{user.pk % 250}"} | client))
    browser.force_login(user, backend="forum.accounts.backends.OneHash")
    return browser


def reported_by(comment, *names: str) -> None:
    """Reports by so many readers with proved addresses."""
    for name in names:
        assert say(reader(name), comment).status_code == 303


def test_three_who_have_proved_an_address_hold_it_and_its_letters_are_taken_back(comment):
    address = Address.objects.create(author=Author.objects.create(kind="guest"), email="a@x.example")
    values = {"to": address.email, "subject": "New", "text": "Buy", "written_at": comment.received_at}
    due = {"not_before": comment.received_at, "due_at": comment.received_at}
    Letter.objects.create(key="k", message_id="<1@x>", about=f"comment-{comment.pk}", **values, **due)
    reported_by(comment, "one", "two")
    comment.refresh_from_db()
    assert comment.state == "visible"
    reported_by(comment, "three")
    comment.refresh_from_db()
    held = Decision.objects.get()
    assert (comment.state, held.act, held.actor, held.reason_code) == ("held", Act.HOLD, None, "reports")
    assert Letter.objects.get().cancelled_at is not None
    assert Case.objects.get(cause=Case.Cause.REPORTS).closed is None


def test_reports_of_strangers_and_of_the_staff_hide_nothing(comment, mod, boss):
    SitePolicy.objects.create(pk=1, reports_to_hide=1)
    for n in range(5):
        say(Client(REMOTE_ADDR=f"203.0.113.{n}"), comment)
    for client in (mod, boss):
        assert say(client, comment).status_code == 303
    comment.refresh_from_db()
    assert (comment.state, Report.objects.count()) == ("visible", 7)
    say(reader("control"), comment)
    comment.refresh_from_db()
    assert comment.state == "held"


def test_a_threshold_of_nought_never_hides(comment):
    SitePolicy.objects.create(pk=1, reports_to_hide=0)
    reported_by(comment, "one", "two", "three", "four")
    comment.refresh_from_db()
    assert comment.state == "visible"


def test_a_guest_counts_with_a_proved_address_and_not_with_words_alone(comment, article):
    proved = Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    known = {"email": "v@x.example", "verified_at": comment.received_at, "key": "k" * 22}
    Address.objects.create(author=proved, **known)
    words = make_comment(article, name="Nora", author=Author.objects.create(kind="guest", name="Nora"))
    for key in ("k" * 22, words.own_key):
        guest = Client(REMOTE_ADDR="192.0.2.1")
        guest.cookies[OWN_COOKIE] = key
        say(guest, comment)
    found = Report.objects.order_by("pk").values_list("reporter__name", "counts")
    assert list(found) == [("Vera", True), ("Nora", False)]


WEIGHTS = [(0, 0, 1), (9, 0, 20 / 11), (0, 9, 2 / 11), (3, 3, 1)]


@pytest.mark.parametrize(("right", "wrong", "weight"), WEIGHTS)
def test_a_report_weighs_by_how_often_its_reporter_was_right(right, wrong, weight):
    assert reports.weight_of(right, wrong) == pytest.approx(weight)


def test_two_who_were_right_before_hold_what_two_who_were_wrong_do_not(article, mod):
    good, bad = (make_comment(article, words) for words in ("Good words.", "Bad words."))
    people = [reader(f"right-{n}") for n in range(2)], [reader(f"wrong-{n}") for n in range(2)]
    for clients, about, act in zip(people, (bad, good), (Act.REMOVE, Act.KEEP), strict=True):
        for client in clients:
            say(client, about)
        decisions.decide(act, about.pk, mod.user)
    SitePolicy.objects.create(pk=1, reports_to_hide=2)
    one, two = (make_comment(article, words) for words in ("One.", "Two."))
    for clients, about in zip(people, (one, two), strict=True):
        for client in clients:
            say(client, about)
    assert [Comment.objects.get(pk=c.pk).state for c in (one, two)] == ["held", "visible"]
    page = desk(mod, "tab=reported")
    assert "right 1 of 1 times" in page
    assert "right 0 of 1 times" in page


def test_case_x9_a_later_report_opens_a_new_case_and_leaves_the_old_decision_standing(comment, mod):
    reported_by(comment, "one", "two")
    kept = decisions.decide(Act.KEEP, comment.pk, mod.user)
    say(reader("three"), comment)
    first, second = Case.objects.order_by("pk")
    assert (first.closed_by, second.closed) == (kept, None)
    assert Decision.objects.get() == kept
    comment.refresh_from_db()
    assert comment.state == "visible"  # the two before the decision do not count again
    reported_by(comment, "four", "five")
    comment.refresh_from_db()
    assert comment.state == "held"


def test_control_without_a_decision_between_them_three_hold_it(comment):
    reported_by(comment, "one", "two", "three")
    assert Comment.objects.get().state == "held"


@pytest.mark.parametrize(("act", "upheld"), [("remove", True), ("spam", True), ("keep", False)])
def test_a_decision_settles_the_reports_and_its_undo_opens_them_again(comment, ben, mod, act, upheld):
    say(ben, comment)
    other = make_comment(comment.article, "Beside it.")
    say(ben, other)
    made = decisions.decide(act, comment.pk, mod.user)
    said = dict(Report.objects.values_list("case__comment", "upheld"))
    assert said == {comment.pk: upheld, other.pk: None}
    undo.undo(made.pk, mod.user)
    assert set(Report.objects.values_list("upheld", flat=True)) == {None}
    assert not Case.objects.filter(cause=Case.Cause.REPORTS).exclude(closed=None).exists()


@pytest.mark.parametrize(("act", "upheld"), [("approve", False), ("reject", True)])
def test_what_the_reports_have_held_is_settled_as_well(comment, mod, act, upheld):
    reported_by(comment, "one", "two", "three")
    decisions.decide(act, comment.pk, mod.user)
    assert set(Report.objects.values_list("upheld", flat=True)) == {upheld}


def test_restoring_says_that_the_reports_behind_the_removal_were_wrong(comment, ben, mod):
    say(ben, comment)
    decisions.decide("remove", comment.pk, mod.user)
    restored = decisions.decide("restore", comment.pk, mod.user)
    assert Report.objects.get().upheld is False
    undo.undo(restored.pk, mod.user)
    assert Report.objects.get().upheld is True


def test_when_a_moderator_has_undone_the_holding_the_same_case_hides_nothing_again(comment, mod):
    reported_by(comment, "one", "two", "three")
    undo.undo(Decision.objects.get().pk, mod.user)
    say(reader("four"), comment)
    assert Comment.objects.get().state == "visible"
    assert Case.objects.get(cause=Case.Cause.REPORTS).closed is None


def test_settling_takes_as_many_statements_for_thirty_as_for_three(
    article, mod, django_assert_num_queries, django_assert_max_num_queries
):
    def reported(count: int) -> dict[int, None]:
        made = [make_comment(article, f"Words {n}.") for n in range(count)]
        for one in made:
            reports.report(one.pk, reports.Reporter(None, str(one.pk)), "spam")
        return {one.pk: None for one in made}

    few, many = reported(3), reported(30)
    with django_assert_max_num_queries(40) as counted:
        decisions.decide_some(Act.REMOVE, few, mod.user)
    with django_assert_num_queries(len(counted)):
        decisions.decide_some(Act.REMOVE, many, mod.user)
    assert Report.objects.filter(upheld=True).count() == 33
