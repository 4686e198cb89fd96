"""Figure W2: every rejection offers one objection, which another moderator answers."""

import pytest

from forum.moderation import appeals, bans, decisions
from forum.moderation.decisions import Grounds
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Appeal
from forum.threads.states import State
from tests.moderation.desk import cards, desk, hold
from tests.posting.own import again, change, object_to, page, post, proved, public, site, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(article, mod):
    """A reply that mod has rejected, whose author has objected, and the author's browser."""
    comment, vera = waits(article, "My words.", author=proved())
    decisions.decide("reject", comment.pk, mod.user, grounds=Grounds(reason="Reads like advertising."))
    object_to(vera, comment)
    return again(comment), vera


def answer(client, act: str, words: str = "", **fields):
    """POST a moderator's answer to the newest objection."""
    asked = Appeal.objects.select_related("decision__comment").latest("pk")
    version = asked.decision.comment.version
    values = {"appeal": asked.pk, "version": version, "decision": act, "answer": words}
    return client.post("/moderation/appeals/answer/", values | fields)


def open_cases(comment) -> list[str]:
    return list(Case.objects.filter(comment=comment, closed=None).values_list("cause", flat=True))


@pytest.mark.parametrize("act", ["reject", "spam", "remove"])
def test_each_refusal_can_be_objected_to_once(article, mod, stranger, ben, act):
    comment, vera = public(article) if act == "remove" else waits(article)
    decision = decisions.decide(act, comment.pk, mod.user, grounds=Grounds(reason="Too loud."))
    assert "Too loud." in page(vera, comment, "appeal")
    for other in (stranger, ben, mod):
        assert post(other, comment, "appeal", text="Mine.", decision=decision.pk).status_code == 404
    answer_ = object_to(vera, comment, "I never sold anything.")
    assert answer_["Location"] == f"/comments/{comment.pk}/status/?done=appealed"
    made = Appeal.objects.get()
    assert (made.decision, made.text, made.granted) == (decision, "I never sold anything.", None)
    assert open_cases(comment) == ["appeal"]
    assert "It waits for another moderator" in page(vera, comment)
    twice = post(vera, comment, "appeal", text="Again.", decision=decision.pk)
    assert twice.status_code == 409
    assert "You have objected to this decision before, and that can be done once." in twice.content.decode()
    assert "Again." in twice.content.decode()
    assert "that can be done once" in page(vera, comment, "appeal")
    assert Appeal.objects.count() == 1


def test_what_is_no_refusal_cannot_be_objected_to(article, mod):
    held, vera = waits(article)
    shown, kim = public(article)
    gone, joe = public(article)
    post(joe, gone, "withdraw")
    approved = decisions.decide("hold", shown.pk, None)
    for client, comment, number in ((vera, held, 0), (kim, shown, approved.pk), (joe, gone, 0)):
        got = post(client, comment, "appeal", text="Why?", decision=number)
        assert got.status_code == 409
        assert "There is no decision here" in got.content.decode()
    assert not Appeal.objects.exists()


def test_a_decision_on_another_comment_cannot_be_named(article, mod):
    one, vera = waits(article)
    two, _kim = waits(article)
    decisions.decide("reject", one.pk, mod.user)
    other = decisions.decide("reject", two.pk, mod.user)
    assert post(vera, one, "appeal", text="Why?", decision=other.pk).status_code == 409
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(("text", "said"), [("", "the field is still empty"), ("x" * 2001, "2,001")])
def test_a_text_that_does_not_do_comes_back(article, mod, text, said):
    comment, vera = waits(article)
    decision = decisions.decide("reject", comment.pk, mod.user)
    got = post(vera, comment, "appeal", text=text, decision=decision.pk)
    assert got.status_code == 422
    assert said in got.content.decode()
    assert text in got.content.decode()
    assert not Appeal.objects.exists()


def test_somebody_banned_may_object(article, mod):
    comment, vera = waits(article, author=proved())
    decisions.decide("reject", comment.pk, mod.user)
    bans.over_person(comment.author_id, bans.Order("week", Grounds(reason="Rude.")), mod.user)
    assert object_to(vera, comment).status_code == 303


def test_what_the_site_took_for_spam_by_itself_is_answered_by_any_moderator(article, mod):
    comment, vera = waits(article)
    decisions.decide("spam", comment.pk, None, grounds=Grounds(reason_code="honeypot"))
    assert object_to(vera, comment).status_code == 303
    assert answer(mod, "grant").status_code == 303
    assert again(comment).state == State.VISIBLE


def test_the_one_who_decided_sees_it_and_cannot_answer(refused, mod, boss, stranger, ben):
    comment, vera = refused
    theirs, others = desk(mod, "tab=appeals"), desk(boss, "tab=appeals")
    for text in (theirs, others):
        assert cards(text) == [comment.pk]
        assert "I never sold anything." in text
        assert "Reads like advertising." in text
    assert "You made this decision, so another moderator answers." in theirs
    assert 'value="uphold"' not in theirs
    assert 'value="uphold"' in others
    for act in ("grant", "uphold"):
        got = answer(mod, act, "No.")
        assert got.status_code == 409
        assert "You made the decision yourself" in got.content.decode()
        assert answer(stranger, act, "No.").status_code == 302
        assert answer(vera, act, "No.").status_code == 302
        assert answer(ben, act, "No.").status_code == 404
    assert Appeal.objects.get().granted is None


def test_an_admin_who_decided_cannot_answer_either(article, boss):
    comment, vera = waits(article)
    decisions.decide("reject", comment.pk, boss.user)
    object_to(vera, comment)
    assert answer(boss, "grant").status_code == 409
    assert again(comment).state == State.REJECTED


def test_a_moderator_does_not_answer_their_own_objection(article, mod, boss):
    comment = hold(article, "My words.", author=mod.user.author)
    decisions.decide("reject", comment.pk, boss.user)
    assert object_to(mod, comment).status_code == 303
    text = desk(mod, "tab=appeals")
    assert "These are your own words, so another moderator answers." in text
    assert 'value="grant"' not in text
    for act in ("grant", "uphold"):
        assert answer(mod, act, "Of course.").status_code == 409
    assert Appeal.objects.get().granted is None
    assert again(comment).state == State.REJECTED


def test_another_moderator_grants_it_and_takes_that_back(refused, boss, mod, stranger):
    comment, vera = refused
    assert answer(boss, "grant", "You are right.").status_code == 303
    made = Appeal.objects.get()
    restored = Decision.objects.latest("pk")
    assert (again(comment).state, restored.act, restored.actor) == (State.VISIBLE, Act.RESTORE, boss.user)
    assert (made.granted, made.answer, made.answered_by) == (True, "You are right.", boss.user)
    assert open_cases(comment) == []
    assert "My words." in stranger.get(comment.article.path).content.decode()
    assert "You are right." in mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert boss.post("/moderation/undo/", {"id": restored.pk}).status_code == 303
    made.refresh_from_db()
    assert (again(comment).state, made.granted, made.answer, made.answered_at) == (
        State.REJECTED,
        None,
        "",
        None,
    )
    assert open_cases(comment) == ["appeal"]
    assert "It waits for another moderator" in page(vera, comment)


def test_it_stands_with_an_answer_that_is_needed(refused, boss):
    comment, vera = refused
    empty = answer(boss, "uphold", " \n")
    assert empty.status_code == 422
    assert "Please write an answer" in empty.content.decode()
    assert answer(boss, "uphold", "x" * 1001).status_code == 422
    assert answer(boss, "nonsense").status_code == 400
    assert answer(boss, "uphold", "It names a shop.").status_code == 303
    assert again(comment).state == State.REJECTED
    assert open_cases(comment) == []
    text = page(vera, comment)
    assert "the decision stands" in text
    assert "It names a shop." in text
    assert f'href="/comments/{comment.pk}/appeal/"' not in text
    assert answer(boss, "uphold", "Again.").status_code == 409
    upheld = Decision.objects.get(act=Act.UPHOLD)
    assert boss.post("/moderation/undo/", {"id": upheld.pk}).status_code == 303
    assert open_cases(comment) == ["appeal"]
    assert Appeal.objects.get().granted is None
    assert "It names a shop." not in page(vera, comment)


def test_a_decision_that_was_upheld_is_restored_and_not_taken_back_by_the_side(refused, boss, mod):
    comment, _vera = refused
    answer(boss, "uphold", "It names a shop.")
    rejected = Decision.objects.get(act=Act.REJECT)
    assert mod.post("/moderation/undo/", {"id": rejected.pk}).status_code == 409
    decisions.decide("restore", comment.pk, mod.user)
    assert again(comment).state == State.VISIBLE
    assert Appeal.objects.get().granted is False


@pytest.mark.parametrize("way", ["restore", "undo"])
def test_whoever_ends_the_decision_meanwhile_grants_the_objection(refused, mod, way):
    comment, _vera = refused
    if way == "undo":
        mod.post("/moderation/undo/", {"id": Decision.objects.get().pk})
    else:
        decisions.decide("restore", comment.pk, mod.user)
    made = Appeal.objects.get()
    assert (made.granted, made.answered_by) == (True, mod.user)
    assert open_cases(comment) == (["new"] if way == "undo" else [])


def test_an_edit_that_was_declined_is_published_after_all_and_taken_back(article, mod, boss):
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    values = {"comment": comment.pk, "version": again(comment).version, "edit": 2, "decision": "decline"}
    assert mod.post("/moderation/edits/decide/", values).status_code == 303
    assert object_to(vera, comment, "The second is right.").status_code == 303
    text = desk(boss, "tab=appeals")
    assert "Second</ins>" in text
    assert answer(boss, "grant").status_code == 303
    assert again(comment).body_source == "Second words."
    accepted = Decision.objects.get(act=Act.ACCEPT)
    assert boss.post("/moderation/undo/", {"id": accepted.pk}).status_code == 303
    assert again(comment).body_source == "First words."
    assert open_cases(comment) == ["appeal"]
    # Hidden meanwhile, so that nothing can be published now; once it is back, it can.
    removed = decisions.decide("remove", comment.pk, mod.user)
    got = answer(boss, "grant")
    assert (got.status_code, "nothing can come back now" in got.content.decode()) == (409, True)
    mod.post("/moderation/undo/", {"id": removed.pk})
    assert answer(boss, "grant").status_code == 303
    assert again(comment).body_source == "Second words."


def test_a_second_objection_waits_until_the_first_is_answered(article, mod, boss):
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    values = {"comment": comment.pk, "version": again(comment).version, "edit": 2, "decision": "decline"}
    mod.post("/moderation/edits/decide/", values)
    object_to(vera, comment)
    decisions.decide("remove", comment.pk, mod.user)
    waits_ = object_to(vera, comment)
    assert (waits_.status_code, "waits already" in waits_.content.decode()) == (409, True)
    answer(boss, "uphold", "No.")
    assert object_to(vera, comment).status_code == 303


def test_withdrawing_ends_an_objection(article, mod):
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    values = {"comment": comment.pk, "version": again(comment).version, "edit": 2, "decision": "decline"}
    mod.post("/moderation/edits/decide/", values)
    object_to(vera, comment)
    post(vera, comment, "withdraw")
    assert Appeal.objects.get().granted is False
    assert open_cases(comment) == []


def test_control_the_act_itself_refuses_the_one_who_decided(refused, mod):
    with pytest.raises(appeals.NotTakenError) as refusal:
        appeals.answer(Appeal.objects.get().pk, True, "", mod.user)
    assert refusal.value.args == (appeals.OWN,)
