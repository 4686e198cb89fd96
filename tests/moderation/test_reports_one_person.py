"""One person counts once towards hiding a comment, however many addresses or names they report with."""

import pytest

from forum.accounts.models import Address, Author
from forum.accounts.viewer import Viewer
from forum.moderation import reports
from forum.moderation.models import Case
from forum.moderation.models_requests import Report
from forum.site.models import SitePolicy
from forum.threads import authors
from forum.threads.models import Comment
from tests.make import make_comment, make_user
from tests.notifications.people import guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(article) -> Comment:
    """A public comment that two reports which count hide."""
    SitePolicy.objects.create(pk=1, reports_to_hide=2)
    return make_comment(article, "Target.")


def proved(email: str, key: str) -> reports.Reporter:
    """A guest with a proved address; the first letter of the key says from which network they come."""
    address = guest("Rosa", email)
    Address.objects.filter(pk=address.pk).update(key=key.ljust(22, "x"))
    viewer = Viewer(own_keys=(key.ljust(22, "x"),))
    return reports.reporter_of(viewer, None, f"203.0.113.{ord(key[0])}")


def state_after(comment: Comment, *people: reports.Reporter) -> str:
    """How the comment stands when all of them have reported it."""
    for person in people:
        assert person.counts
        reports.report(comment.pk, person, "spam")
    return Comment.objects.get(pk=comment.pk).state


def test_of_one_network_only_one_counts(comment):
    people = [proved(f"rosa{n}@example.org", f"a{n}") for n in range(3)]
    assert state_after(comment, *people) == "visible"
    assert Report.objects.count() == 3  # each is before the desk


def test_of_one_mailbox_only_one_counts(comment):
    emails = ("rosa+1@example.org", "rosa+2@example.org", "Rosa@EXAMPLE.org")
    assert state_after(comment, *(proved(email, key) for email, key in zip(emails, "abc", strict=True))) == (
        "visible"
    )


def test_a_guest_and_the_account_of_the_same_mailbox_are_one(comment):
    user = make_user("rosa")
    account = reports.reporter_of(Viewer(user_id=user.pk), user, "203.0.113.1")
    assert state_after(comment, proved("rosa+x@example.org", "b"), account) == "visible"


def test_control_two_mailboxes_in_two_networks_hide_it(comment):
    people = [proved("rosa@example.org", "a"), proved("emil@example.org", "b")]
    assert state_after(comment, *people) == "held"


def test_the_heaviest_of_a_network_is_the_one_that_counts(comment, article):
    light, heavy, other = (proved(f"p{n}@example.org", key) for n, key in enumerate(("a1", "a2", "b")))
    for person, upheld in ((light, False), (heavy, True)):
        for _n in range(9):
            before = Case.objects.create(
                comment=make_comment(article), cause="reports", opened=comment.received_at
            )
            Report.objects.create(
                case=before, reporter=person.author, trace="t", reason="spam", counts=True, upheld=upheld
            )
    assert state_after(comment, light, other) == "visible"
    assert state_after(comment, heavy) == "held"


def test_a_guest_who_has_become_an_account_counts_once(comment):
    rosa = proved("rosa@mail.example", "a")
    reports.report(comment.pk, rosa, "spam")
    user = make_user("rosa")
    authors.merge(rosa.author, Author.objects.get(user=user))
    account = reports.reporter_of(Viewer(user_id=user.pk), user, "203.0.113.1")
    assert state_after(comment, account) == "visible"
    assert state_after(comment, proved("emil@example.org", "b")) == "held"


def test_weighing_takes_as_many_statements_for_nine_as_for_two(
    article, django_assert_num_queries, django_assert_max_num_queries
):
    SitePolicy.objects.create(pk=1, reports_to_hide=50)
    comment = make_comment(article)
    people = [proved(f"p{n}@example.org", key) for n, key in enumerate("abcdefghi")]
    reports.report(comment.pk, people[0], "spam")
    with django_assert_max_num_queries(30) as few:
        reports.report(comment.pk, people[1], "spam")
    for person in people[2:8]:
        reports.report(comment.pk, person, "spam")
    with django_assert_num_queries(len(few)):
        reports.report(comment.pk, people[8], "spam")
