"""Keeping what was reported: the case closes, the comment stays, and a later report opens a new one (X9)."""

import pytest

from forum.mail.models import Letter
from forum.moderation import cases
from forum.moderation.models import Act, Case, Decision
from forum.threads.models import Comment
from tests.make import make_comment
from tests.notifications.people import follows, guest

pytestmark = pytest.mark.django_db


def decide(client, act: str, comment):
    return client.post("/moderation/decide/", {"comment": comment.pk, "decision": act})


def test_a_reported_comment_is_kept_and_nobody_is_written_to(article, mod):
    follows(guest(), on=article)
    comment = make_comment(article)
    cases.open_case(comment, Case.Cause.REPORTS)
    assert 'value="keep"' in mod.get("/moderation/?tab=reported").content.decode()
    assert decide(mod, "keep", comment).status_code == 303
    decision = Decision.objects.get()
    assert (decision.act, decision.from_state, decision.to_state) == (Act.KEEP, "visible", "visible")
    assert Case.objects.get().closed_by == decision
    assert Comment.objects.get().public_at == comment.public_at
    assert not Letter.objects.exists()
    assert "Kept" in mod.get("/moderation/").content.decode()


def test_case_x9_a_later_report_opens_a_new_case_and_leaves_the_decision(article, mod):
    comment = make_comment(article)
    cases.open_case(comment, Case.Cause.REPORTS)
    decide(mod, "keep", comment)
    cases.open_case(comment, Case.Cause.REPORTS)
    assert list(Case.objects.order_by("pk").values_list("closed_by__act", flat=True)) == ["keep", None]
    assert "1" in mod.get("/moderation/?tab=reported").content.decode()
    decide(mod, "remove", comment)
    assert [decision.act for decision in Decision.objects.order_by("pk")] == ["keep", "remove"]


def test_undo_opens_the_case_again(article, mod):
    comment = make_comment(article)
    cases.open_case(comment, Case.Cause.REPORTS)
    decide(mod, "keep", comment)
    mod.post("/moderation/undo/", {"id": Decision.objects.get().pk})
    assert Case.objects.get().closed is None
    assert Comment.objects.get().state == "visible"


def test_what_nobody_reported_is_not_to_be_kept(article, mod):
    comment = make_comment(article)
    assert decide(mod, "keep", comment).status_code == 409
    assert 'value="keep"' not in mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
