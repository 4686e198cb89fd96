"""How long the form was open: a sign for the rules, never a refusal."""

import time

import pytest
from django.core.signing import b62_encode

from forum.moderation.models import RuleHit
from forum.posting.forms import STAMP, ReplyForm, seconds_open
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import form_of, send_reply, without_stamp

pytestmark = pytest.mark.django_db
LINKED = "See https://a.example/ for that stick."


def stamped(ago: float) -> str:
    """The stamp of a form that was made so many seconds ago."""
    value = f"reply:{b62_encode(int(time.time() - ago))}"
    return f"{value}:{STAMP.signature(value)}"


def state_of(client, article, body: str = "I tried one, too.", **fields) -> str:
    """How a reply begins on an open site."""
    SitePolicy.objects.update_or_create(pk=1, defaults={"mode": Mode.OPEN})
    assert send_reply(client, article, body, **fields).status_code == 303
    return Comment.objects.latest("pk").state


def rules_of_last() -> set[str]:
    hits = RuleHit.objects.filter(case__comment=Comment.objects.latest("pk"))
    return set(hits.values_list("rule", flat=True))


def test_a_form_that_comes_back_at_once_is_held_and_one_that_was_read_is_not(article, stranger):
    fields = form_of(stranger.get(article.path))
    assert state_of(stranger, article, opened=fields["opened"]) == "held"
    assert "too_quick" in rules_of_last()
    assert state_of(stranger, article, "Another one.", opened=stamped(10)) == "visible"


def test_a_page_that_was_kept_for_days_does_its_reader_no_harm(article, stranger):
    assert state_of(stranger, article, LINKED, opened=stamped(400_000)) == "visible"


FORGED = ["", "forged", "reply:1abc:sign", "x" * 5_000, "reply::", stamped(-3_600)]


@pytest.mark.parametrize("stamp", FORGED, ids=["none", "word", "shape", "long", "bare", "future"])
def test_no_stamp_a_forged_one_and_one_from_the_future_are_no_form(article, stranger, stamp):
    assert state_of(stranger, article, LINKED, opened=stamp) == "held"
    assert "no_form" in rules_of_last()
    assert state_of(stranger, article, "Words without a link.", opened=stamp) == "visible"  # the control


def test_a_stamp_of_another_form_is_not_taken():
    assert seconds_open(stamped(10)) == pytest.approx(10, abs=2)
    assert seconds_open(stamped(10).replace("reply", "other")) is None


def test_the_stamp_stays_with_the_form_through_a_refusal(article, stranger):
    stamp = stamped(60)
    again = send_reply(stranger, article, "", opened=stamp)
    assert again.status_code == 422
    assert form_of(again)["opened"] == stamp


def test_the_stamp_is_all_in_which_the_shared_page_differs_from_one_second_to_the_next(article, stranger):
    page = stranger.get(article.path).content.decode()
    assert page.count('name="opened"') == 1
    old = page.replace(form_of(stranger.get(article.path))["opened"], stamped(5_000))
    assert without_stamp(old) == without_stamp(page)
    assert ReplyForm().fields["opened"].required is False
