"""What the desk's script gets: the piece that changes, and after a clash what was typed."""

import pytest
from django.contrib.sessions.models import Session

from forum.moderation import leases
from forum.moderation.models import Decision, Lease
from forum.threads.models import Comment
from tests.make import make_comment

pytestmark = pytest.mark.django_db
SCRIPTED = {"HX-Request": "true"}


def decide(client, act: str, comment, **fields):
    values = {"comment": comment.pk, "decision": act, f"version-{comment.pk}": comment.version}
    return client.post("/moderation/decide/", values | fields, headers=SCRIPTED)


def test_a_decision_answers_with_the_strip_that_can_undo_it(article, mod):
    comment = make_comment(article, state="held")
    answer = decide(mod, "approve", comment)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert "Approved by you: the comment by Ann." in page
    assert f'name="id" value="{Decision.objects.get().pk}"' in page
    assert Comment.objects.get().state == "visible"


def test_undo_answers_with_the_card_that_waits_again(article, mod):
    comment = make_comment(article, state="held")
    decide(mod, "reject", comment)
    answer = mod.post("/moderation/undo/", {"id": Decision.objects.get().pk}, headers=SCRIPTED)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<html" not in page
    assert f'name="version-{comment.pk}" value="{comment.version + 2}"' in page


def test_who_was_slower_gets_a_card_that_keeps_the_reason(article, mod, boss):
    comment = make_comment(article, state="held")
    decide(boss, "reject", comment)
    answer = decide(mod, "spam", comment, reason="Sells pills.", note="Third time.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<html" not in page
    assert "boss" in page
    assert "What you wrote is still here." in page
    assert "Third time.</textarea>" in page
    assert Decision.objects.count() == 1


def test_without_the_script_the_slower_one_keeps_the_reason_too(article, mod, boss):
    comment = make_comment(article, state="visible")
    decide(boss, "remove", comment)
    values = {"comment": comment.pk, "decision": "remove", "reason": "Sells pills.", "note": "Third time."}
    page = mod.post("/moderation/decide/", values)
    assert page.status_code == 409
    assert "Third time.</textarea>" in page.content.decode()


def test_case_x9_any_decision_ends_the_look_of_whoever_had_it(article, mod, boss):
    comment = make_comment(article, state="held")
    session = Session.objects.latest("expire_date")
    leases.take(comment.pk, mod.user, session.session_key)
    assert leases.live().count() == 1
    decide(boss, "approve", comment)
    assert not Lease.objects.exists()
