"""Authors withdraw their words, for good: nobody brings them back."""

import pytest

from forum.moderation import bulk, decisions, edits_waiting
from forum.moderation import undo as undo_act
from forum.moderation.models import Act, Case, Decision
from forum.site.models import Mode
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import make_comment
from tests.moderation.desk import report
from tests.notifications.people import follows, guest, waiting
from tests.posting.own import again, change, page, post, public, site, waits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("make", [waits, public])
def test_own_words_go_by_a_decision_of_their_author(article, make, stranger, ben):
    site()
    comment, vera = make(article, "Words that I regret.")
    assert "This cannot be undone" in page(vera, comment, "withdraw")
    assert again(comment).state == comment.state
    for other in (stranger, ben):
        assert post(other, comment, "withdraw").status_code == 404
    answer = post(vera, comment, "withdraw")
    decision = Decision.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/comments/{comment.pk}/status/?done=withdrawn")
    assert again(comment).state == State.WITHDRAWN
    assert (decision.act, decision.actor, decision.reason_code) == (Act.WITHDRAW, None, "author")
    assert not Case.objects.filter(closed=None).exists()
    text = page(vera, comment)
    assert "Withdrawn by you" in text
    assert "Words that I regret." not in text
    assert "Words that I regret." not in stranger.get(article.path).content.decode()
    assert "Words that I regret." not in vera.get(article.path).content.decode()
    assert post(vera, comment, "withdraw").status_code == 409
    assert Decision.objects.count() == 1


def test_an_account_stands_in_the_decision(article, ben):
    comment = make_comment(article, author=ben.user.author)
    post(ben, comment, "withdraw")
    assert Decision.objects.get().actor == ben.user


def test_replies_stay_under_a_placeholder_and_letters_are_taken_back(article, stranger, mod):
    site()
    follows(guest("Fan"), on=article)
    comment, vera = waits(article, "Canary words.")
    decisions.decide("approve", comment.pk, mod.user)
    make_comment(article, "An answer.", parent=again(comment))
    assert [letter.to for letter in waiting()] == ["fan@guest.example"]
    post(vera, comment, "withdraw")
    assert waiting() == []
    text = stranger.get(article.path).content.decode()
    assert "A comment stood here." in text
    assert "An answer." in text
    assert "Canary" not in text


def test_no_moderator_brings_it_back(article, mod, boss):
    site()
    comment, vera = waits(article)
    approved = decisions.decide("approve", comment.pk, mod.user)
    post(vera, comment, "withdraw")
    withdrawn = Decision.objects.latest("pk")
    for decision in (withdrawn, approved):
        assert boss.post("/moderation/undo/", {"id": decision.pk}).status_code == 409
        with pytest.raises(decisions.NotPossibleError):
            undo_act.undo(decision.pk, mod.user)
        assert decisions.undo_some([decision.pk], mod.user).left == [comment.pk]
    for act in decisions.DECIDABLE:
        with pytest.raises(decisions.NotPossibleError):
            decisions.decide(act, comment.pk, mod.user)
    assert again(comment).state == State.WITHDRAWN
    detail = mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert "its author" in detail
    assert 'name="id" value=' not in detail


def test_control_a_hide_by_the_desk_is_undone(article, mod):
    comment, _vera = public(article)
    removed = decisions.decide("remove", comment.pk, mod.user)
    undo_act.undo(removed.pk, mod.user)
    assert again(comment).state == State.VISIBLE


def test_a_batch_cannot_bring_it_back_either(article, mod):
    site()
    comment, vera = public(article)
    other, _kim = public(article)
    ended = bulk.run(bulk.start("spam", {comment.pk: None, other.pk: None}, mod.user))
    decisions.decide("restore", comment.pk, mod.user)
    post(vera, comment, "withdraw")
    undone = bulk.run(bulk.start_undo(ended, mod.user))
    assert (undone.done, undone.left) == (1, [comment.pk])
    assert again(comment).state == State.WITHDRAWN
    assert again(other).state == State.VISIBLE


def test_an_edit_and_a_report_that_wait_end_with_it(article, mod):
    site()
    comment, vera = public(article)
    change(vera, comment, "Second words.")
    report(comment)
    post(vera, comment, "withdraw")
    assert not Case.objects.filter(closed=None).exists()
    assert edits_waiting.open_on([comment.pk]) == {}


def test_an_archive_that_is_read_only_still_lets_people_go(article):
    comment, vera = public(article)
    site(Mode.READ_ONLY)
    assert post(vera, comment, "withdraw").status_code == 303


def test_a_form_of_another_site_withdraws_nothing(article):
    comment, vera = public(article)
    headers = {"Origin": "https://evil.example"}
    answer = vera.post(f"/comments/{comment.pk}/withdraw/", {}, headers=headers)
    assert answer.status_code == 403
    assert again(comment).state == State.VISIBLE
    assert Comment.objects.count() == 1
