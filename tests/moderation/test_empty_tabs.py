"""An empty tab of the desk says of itself that it is empty, and what waits in the others."""

import re

import pytest

from forum.moderation import cases, decisions, queries
from forum.moderation.models import Case, Claim
from forum.moderation.models_requests import Appeal, TakeDown
from forum.moderation.queries import Counts
from forum.moderation.queue_elsewhere import waiting
from tests.make import load_comments, make_comment, make_user
from tests.moderation.desk import desk, hold, report

pytestmark = pytest.mark.django_db
SAID = {
    "held": "Nothing is held.",
    "reported": "Nothing is reported.",
    "edited": "No author's edit waits.",
    "appeals": "No appeal waits.",
    "takedowns": "Nobody asks for a comment here to be taken down.",
    "spam": "There is no spam.",
}


def appealed(article, by):
    """A refused comment whose author objects."""
    comment = make_comment(article, "Refused words.", state="held")
    decision = decisions.decide("reject", comment.pk, by)
    Appeal.objects.create(decision=decision, text="Please look again.")
    cases.open_case(comment, Case.Cause.APPEAL)
    return comment


def body(page: str) -> str:
    """What a page says where its cards would stand and below."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.split('id="cards"')[1]).split())


@pytest.mark.parametrize("tab", SAID)
def test_each_empty_tab_has_its_own_sentence(mod, tab):
    TakeDown.objects.create(where="somewhere", wish="erase")
    said = body(desk(mod, f"tab={tab}"))
    assert SAID[tab] in said
    assert [other for other in SAID.values() if other in said] == [SAID[tab]]
    assert "1 take-down request waits" in said
    assert "Thank you" not in said


def test_a_held_tab_that_is_empty_leads_to_the_appeal_that_waits(article, mod, boss):
    appealed(article, boss.user)
    page = desk(mod)
    assert "Nothing is held." in page
    assert "Thank you" not in page
    assert '<a class="btn btn-quiet" href="/moderation/?tab=appeals">1 appeal waits</a>' in page
    assert "0 comments are held" in page


def test_control_when_nothing_waits_anywhere_the_desk_says_thank_you(article, mod):
    make_comment(article, "Buy this.", state="spam")
    page = desk(mod)
    assert "Nothing waits. Thank you." in page
    assert "is spam" not in body(page)


def test_all_that_waits_elsewhere_is_told_with_its_number_and_its_place(article, mod, boss):
    hold(article)
    for _n in range(2):
        report(make_comment(article, "Reported words."))
    appealed(article, boss.user)
    archived = load_comments(article, [None])[-1]
    cases.open_case(make_comment(article, "Words with a change."), Case.Cause.EDIT)
    cases.open_case(make_comment(article, "Words to go."), Case.Cause.TAKEDOWN)
    Claim.objects.create(comment=archived, by=make_user("kim"))
    found = {one.words: one.address for one in waiting(queries.counts(), "spam")}
    assert found == {
        "1 comment is held": "/moderation/",
        "2 comments are reported": "/moderation/?tab=reported",
        "1 edit waits": "/moderation/?tab=edited",
        "1 appeal waits": "/moderation/?tab=appeals",
        "1 take-down request waits": "/moderation/?tab=takedowns",
        "1 claim waits": "/moderation/claims/",
    }
    assert len(waiting(queries.counts(), "held")) == 5


def test_requests_without_a_comment_are_told_on_the_tab_of_take_downs_too():
    numbers = dict.fromkeys(Counts.__slots__, 0) | {"oldest": None, "takedowns": 2, "unplaced": 1}
    (elsewhere,) = waiting(Counts(**numbers), "takedowns")
    assert (elsewhere.words, elsewhere.address) == ("1 take-down request waits", "/moderation/requests/")
    (elsewhere,) = waiting(Counts(**numbers), "held")
    assert elsewhere.words == "3 take-down requests wait"


def test_the_last_decision_thanks_only_when_nothing_waits_elsewhere(article, mod, boss):
    comment = hold(article, "The only words.")
    address = f"show={comment.pk}"
    decisions.decide("approve", comment.pk, mod.user)
    assert "nothing else waits. Thank you." in desk(mod, address)
    appealed(article, boss.user)
    page = desk(mod, address)
    assert "All of these are decided." in page
    assert "1 appeal waits" in page
    assert "Thank you" not in page
    filtered = desk(mod, f"q=words&{address}")
    assert "All of these are decided. Show all" in body(filtered)
    assert "Thank you" not in filtered
