"""Case X3: so many approved comments make somebody trusted, if they have an account or a proved address."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Author
from forum.moderation import decisions, people, rules
from forum.moderation.models import Act, Decision
from forum.site.models import Mode, SitePolicy
from forum.threads import authors
from forum.threads.models import Comment
from tests.make import make_comment, make_user, send_reply
from tests.moderation.desk import make_guest
from tests.notifications.people import guest

pytestmark = pytest.mark.django_db


@pytest.fixture
def policy() -> SitePolicy:
    """Two approved comments make somebody trusted."""
    return SitePolicy.objects.create(pk=1, mode=Mode.HOLD_NEWCOMERS, trust_after=2)


def approve(article, author: Author, actor, count: int = 1, act: str = Act.APPROVE) -> list[Decision]:
    """So many comments of somebody that the desk lets through."""
    waiting = [make_comment(article, f"Words {n}.", author=author, state="held") for n in range(count)]
    return [decisions.decide(act, comment.pk, actor) for comment in waiting]


def trusted(author: Author, policy: SitePolicy) -> bool:
    return rules.is_trusted(Author.objects.get(pk=author.pk), policy)


def test_case_x3_enough_approved_comments_of_an_account_let_the_next_one_pass(article, policy, ben, mod):
    for words, state in (("First.", "held"), ("Second.", "held"), ("Third.", "visible")):
        send_reply(ben, article, words)
        comment = Comment.objects.latest("pk")
        assert comment.state == state
        if state == "held":
            decisions.decide(Act.APPROVE, comment.pk, mod.user)


@pytest.mark.parametrize("typed", ["name", "address", "both"])
def test_case_x3_a_name_or_an_address_that_is_typed_borrows_no_trust(article, policy, ben, mod, typed):
    approve(article, ben.user.author, mod.user, 2)
    fields = {"name": "ben"} if typed == "name" else {"email": ben.user.email}
    fields = {"name": "ben", "email": ben.user.email} if typed == "both" else fields
    send_reply(Client(), article, "I am Ben, believe me.", **fields)
    assert Comment.objects.latest("pk").state == "held"


def test_case_x3_a_guest_without_a_proved_address_is_never_trusted(article, policy, mod):
    nobody, vera = make_guest("Ann"), guest("Vera").author
    for author in (nobody, vera):
        approve(article, author, mod.user, 5)
    assert (trusted(nobody, policy), trusted(vera, policy)) == (False, True)
    Author.objects.filter(pk=nobody.pk).update(trusted_at=timezone.now())  # even when a row says so
    assert not trusted(nobody, policy)


def test_control_one_approved_comment_too_few_is_not_enough(article, policy, ben, mod):
    approve(article, ben.user.author, mod.user, 1)
    assert not trusted(ben.user.author, policy)


@pytest.mark.parametrize("act", [Act.APPROVE, Act.TRUST])
def test_what_was_taken_back_removed_or_let_through_by_the_system_does_not_count(
    article, policy, ben, mod, act
):
    author = ben.user.author
    first, second = approve(article, author, mod.user, 2)
    assert trusted(author, policy)
    decisions.undo_some([first.pk], mod.user)
    assert not trusted(author, policy)
    (third,) = approve(article, author, mod.user)
    assert trusted(author, policy)
    decisions.decide(Act.REMOVE, third.comment_id, mod.user)
    assert not trusted(author, policy)
    approve(article, author, None)
    assert not trusted(author, policy)
    decisions.decide(Act.RESTORE, third.comment_id, mod.user)
    assert trusted(author, policy)
    assert second.undoes is None


def test_nobody_approves_themselves_into_trust(article, policy, mod, boss):
    approve(article, mod.user.author, mod.user, 3)
    assert not trusted(mod.user.author, policy)
    approve(article, mod.user.author, boss.user, 2)
    assert trusted(mod.user.author, policy)


def test_several_decisions_on_one_comment_count_once(article, policy, ben, mod):
    (first,) = approve(article, ben.user.author, mod.user)
    decisions.decide(Act.REMOVE, first.comment_id, mod.user)
    decisions.decide(Act.RESTORE, first.comment_id, mod.user)
    assert not trusted(ben.user.author, policy)


def test_with_nought_only_moderators_give_trust(article, policy, ben, mod):
    policy.trust_after = 0
    author = ben.user.author
    approve(article, author, mod.user, 3)
    assert not trusted(author, policy)
    approve(article, author, mod.user, 1, Act.TRUST)
    assert trusted(author, policy)


def test_trust_that_is_taken_back_has_to_be_earned_anew(article, policy, ben, mod):
    author = ben.user.author
    approve(article, author, mod.user, 2)
    page = mod.get(f"/moderation/people/{author.pk}/").content.decode()
    assert "Stop trusting" in page
    people.take_trust_back(author.pk, mod.user)
    assert Author.objects.get(pk=author.pk).untrusted_at is not None
    assert not trusted(author, policy)
    assert "Stop trusting" not in mod.get(f"/moderation/people/{author.pk}/").content.decode()
    approve(article, author, mod.user, 1)
    assert not trusted(author, policy)
    approve(article, author, mod.user, 1)
    assert trusted(author, policy)


def test_undoing_one_decision_leaves_the_approvals_before_it(article, policy, ben, mod):
    author = ben.user.author
    approve(article, author, mod.user, 2)
    (made,) = approve(article, author, mod.user, 1, Act.TRUST)
    decisions.undo_some([made.pk], mod.user)
    row = Author.objects.get(pk=author.pk)
    assert (row.trusted_at, row.untrusted_at) == (None, None)
    assert trusted(author, policy)


def test_a_guest_whom_nobody_trusts_any_more_does_not_shed_that_as_an_account(article, policy, mod):
    vera, user = guest("Vera").author, make_user("veronika")
    approve(article, vera, mod.user, 2)
    people.take_trust_back(vera.pk, mod.user)
    authors.merge(Author.objects.get(pk=vera.pk), user.author)
    assert Comment.objects.filter(author=user.author).count() == 2
    assert not trusted(user.author, policy)


@pytest.mark.parametrize("later", ["trusted", "untrusted"])
def test_of_two_who_become_one_what_was_said_last_holds(ben, later):
    now = timezone.now()
    before, after = now - datetime.timedelta(days=30), now - datetime.timedelta(days=1)
    given, taken = (after, before) if later == "trusted" else (before, after)
    vera = Author.objects.create(kind="guest", name="Vera", trusted_at=given)
    Author.objects.filter(user=ben.user).update(untrusted_at=taken)
    authors.merge(vera, Author.objects.get(user=ben.user))
    row = Author.objects.get(user=ben.user)
    assert (row.trusted_at, row.untrusted_at) == (given if later == "trusted" else None, taken)


def test_asking_whether_somebody_is_trusted_costs_two_statements_however_much_they_wrote(
    article, policy, ben, mod, django_assert_max_num_queries
):
    author = ben.user.author
    for count in (1, 8):
        approve(article, author, mod.user, count)
        row = Author.objects.get(pk=author.pk)
        with django_assert_max_num_queries(2):
            rules.is_trusted(row, policy)
