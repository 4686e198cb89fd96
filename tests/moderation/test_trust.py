"""Approving and trusting: to whom trust can be tied, what it does, and how it goes."""

import pytest

from forum.accounts.models import Author
from forum.accounts.writing import stop_trusting
from forum.moderation import decisions, rules
from forum.moderation.models import Decision
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment, send_reply
from tests.notifications.people import guest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _newcomers_are_held(db):
    SitePolicy.objects.create(pk=1, mode=Mode.HOLD_NEWCOMERS)


def last() -> Comment:
    return Comment.objects.latest("pk")


def trust(client, comment):
    return client.post("/moderation/decide/", {"comment": comment.pk, "decision": "trust"})


def test_a_trusted_account_is_not_held_any_more_and_another_is(article, mod, ben, stranger):
    send_reply(ben, article, "First.")
    assert last().state == "held"
    assert trust(mod, last()).status_code == 303
    assert (last().state, last().author.trusted_at is None) == ("visible", False)
    send_reply(ben, article, "Second.")
    assert last().state == "visible"
    send_reply(stranger, article, "A guest.", name="ben2")
    assert last().state == "held"


def test_case_x3_trust_is_never_given_to_a_name_or_an_address_that_was_typed(article, mod, stranger):
    send_reply(stranger, article, "First.", email="ben@example.org", name="Somebody")
    answer = trust(mod, last())
    assert answer.status_code == 409
    assert last().state == "held"
    assert not Author.objects.exclude(trusted_at=None).exists()


def test_control_a_guest_with_a_proved_address_can_be_trusted(article, mod):
    vera = guest("Vera")
    comment = make_comment(article, author=vera.author, name="Vera", state="held")
    assert trust(mod, comment).status_code == 303
    assert Author.objects.get(pk=vera.author_id).trusted_at is not None


def test_undo_takes_the_trust_back_unless_another_decision_gave_it_too(article, mod, ben):
    for words in ("First.", "Second."):
        send_reply(ben, article, words)
    for comment in Comment.objects.order_by("pk"):
        trust(mod, comment)
    first, second = Decision.objects.order_by("pk")
    decisions.undo_some([second.pk], mod.user)
    assert Author.objects.get(user=ben.user).trusted_at is not None
    decisions.undo_some([first.pk], mod.user)
    assert Author.objects.get(user=ben.user).trusted_at is None
    send_reply(ben, article, "Third.")
    assert last().state == "held"


def test_trust_that_was_withdrawn_does_not_come_back_by_an_undo(article, mod, ben):
    send_reply(ben, article, "First.")
    trust(mod, last())
    stop_trusting([Author.objects.get(user=ben.user).pk])
    send_reply(ben, article, "Second.")
    trust(mod, last())
    decisions.undo_some([Decision.objects.latest("pk").pk], mod.user)
    assert Author.objects.get(user=ben.user).trusted_at is None


def test_approving_alone_trusts_nobody(article, mod, ben):
    send_reply(ben, article, "First.")
    mod.post("/moderation/decide/", {"comment": last().pk, "decision": "approve"})
    send_reply(ben, article, "Second.")
    assert last().state == "held"


def test_who_may_be_trusted_is_found_in_one_statement(article, ben, django_assert_num_queries):
    people = [guest(f"G{n}").author_id for n in range(5)] + [Author.objects.create(kind="guest").pk]
    with django_assert_num_queries(1):
        assert rules.trustable([*people, None]) == set(people[:5])
    with django_assert_num_queries(0):
        assert rules.trustable([None]) == set()
