"""Lifting bans, the list of them, and taking the decision to ban back."""

import datetime
import re
from html import unescape

import pytest
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.mail.models import Letter
from forum.moderation import bans, decisions
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban
from forum.threads.models import Comment
from tests.make import make_user
from tests.moderation.bans import WHY, ban, guest, rude_comment

pytestmark = pytest.mark.django_db


def lift(client, found: Ban, **fields):
    """POST the lifting of a ban."""
    return client.post(f"/moderation/bans/{found.pk}/lift/", fields)


def listed(client) -> str:
    """The page of bans."""
    return client.get("/moderation/bans/").content.decode()


def buttons(client) -> list[str]:
    """What the buttons of the page of bans say, to those who hear it too."""
    found = re.findall(r"<button[^>]*>(Lift.*?)</button>", unescape(listed(client)), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in found]


def test_each_button_says_whose_ban_it_lifts(article, mod, boss):
    comment = rude_comment(article)
    ban(mod, comment, "person", "address")
    ban(mod, guest(""))
    for network, why in (("203.0.113.7", "Robots."), ("198.51.100.0/24", "Sellers.")):
        values = {"kind": "network", "value": network, "term": "week", "reason": why}
        assert boss.post("/moderation/bans/add/", values).status_code == 303
    at = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    Ban.objects.update(at=at)
    said = buttons(mod)
    when = "of 1 March 2026, 12:00:"
    assert len(said) == len(set(said)) == 5
    assert f"Lift the ban of a network {when} Robots." in said
    assert f"Lift the ban of a network {when} Sellers." in said
    assert f"Lift the ban of an e-mail address {when} {WHY}" in said
    assert f"Lift the ban of an unnamed reader {when} {WHY}" in said
    assert "Lift the ban of Rude" in said
    assert "203.0.113.7" not in listed(mod)
    assert {"Lift the ban of 203.0.113.7/32", "Lift the ban of 198.51.100.0/24"} < set(buttons(boss))


def test_the_page_says_what_a_ban_stops_and_how_it_ends(mod):
    page = " ".join(listed(mod).split())
    assert "can neither reply, change a reply nor report one" in page
    assert "one for ever ends only by lifting" in page
    assert "by itself" not in page


def test_a_lifted_ban_says_by_whom_and_its_decision_is_undone(article, mod, boss):
    comment = rude_comment(article)
    ban(mod, comment)
    answer = lift(boss, Ban.objects.get(), next=f"/moderation/comments/{comment.pk}/")
    found, undone = Ban.objects.get(), Decision.objects.get(act=Act.UNDO)
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/comments/{comment.pk}/")
    assert "The ban is lifted." in boss.get("/moderation/").content.decode()
    assert (found.lifted_by, found.reason) == (boss.user, WHY)
    assert found.lifted_at <= timezone.now() < found.until
    assert (undone.undoes, undone.actor, undone.comment) == (found.decision, boss.user, comment)
    assert Comment.objects.get().version == comment.version
    assert not Letter.objects.exists()


def test_of_two_bans_of_a_decision_the_last_one_takes_it_back(article, mod):
    ban(mod, rude_comment(article), "person", "address")
    first, second = Ban.objects.order_by("pk")
    lift(mod, first)
    assert not Decision.objects.filter(act=Act.UNDO).exists()
    assert bans.standing().get() == second
    lift(mod, second)
    assert Decision.objects.get(act=Act.UNDO).undoes == first.decision


def test_a_ban_without_a_decision_is_lifted_without_one(article, mod):
    ban(mod, rude_comment(article).author)
    assert lift(mod, Ban.objects.get()).status_code == 303
    assert not Decision.objects.exists()
    assert not bans.standing().exists()


def test_a_ban_is_lifted_once(article, mod, boss):
    ban(mod, rude_comment(article))
    found = Ban.objects.get()
    lift(mod, found)
    before = Ban.objects.get()
    answer = lift(boss, found)
    assert answer.status_code == 409
    assert "This ban is over already" in answer.content.decode()
    assert (Ban.objects.get().lifted_by, Ban.objects.get().lifted_at) == (mod.user, before.lifted_at)
    assert Decision.objects.filter(act=Act.UNDO).count() == 1


def test_a_ban_that_is_over_cannot_be_lifted(article, mod):
    ban(mod, rude_comment(article))
    Ban.objects.update(until=timezone.now())
    assert lift(mod, Ban.objects.get()).status_code == 409
    assert Ban.objects.get().lifted_at is None


def test_nobody_lifts_a_ban_of_themselves_and_another_moderator_does(article, mod, boss):
    comment = rude_comment(article, Author.objects.get(user=mod.user), email=mod.user.email)
    ban(boss, comment, "person", "address")
    for found in Ban.objects.all():
        answer = lift(mod, found)
        assert answer.status_code == 409
        assert "Nobody lifts a ban of themselves" in answer.content.decode()
    with pytest.raises(decisions.NotPossibleError):
        bans.undo_ban(Decision.objects.get(), mod.user)
    assert bans.standing().count() == 2
    other = make_user("quill", Role.MODERATOR)
    assert bans.undo_ban(Decision.objects.get(), other).undoes.act == Act.BAN
    assert not bans.standing().exists()


def test_the_decision_to_ban_is_taken_back_also_when_the_comment_has_changed_since(article, mod, boss):
    comment = rude_comment(article)
    ban(mod, comment, "person", "address")
    mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    decision = Decision.objects.get(act=Act.BAN)
    undone = bans.undo_ban(decision, boss.user)
    now = Comment.objects.get()
    assert (undone.act, undone.undoes, undone.from_state, undone.to_state) == (
        Act.UNDO,
        decision,
        now.state,
        now.state,
    )
    assert set(Ban.objects.values_list("lifted_by", flat=True)) == {boss.user.pk}
    with pytest.raises(decisions.NotPossibleError):
        bans.undo_ban(decision, boss.user)


def test_undo_at_the_desk_lifts_a_ban_and_a_second_time_is_refused(article, mod, boss, ben, stranger):
    comment = rude_comment(article)
    ban(mod, comment)
    decision = Decision.objects.get()
    assert ben.post("/moderation/undo/", {"id": decision.pk}).status_code == 404
    assert stranger.post("/moderation/undo/", {"id": decision.pk}).status_code == 302
    assert bans.standing().exists()
    assert boss.post("/moderation/undo/", {"id": decision.pk}).status_code == 303
    assert (Ban.objects.get().lifted_by, bans.standing().exists()) == (boss.user, False)
    assert mod.post("/moderation/undo/", {"id": decision.pk}).status_code == 409


def test_a_ban_that_was_taken_back_leaves_the_earlier_decision_to_be_undone(article, mod):
    comment = rude_comment(article)
    mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    ban(mod, comment)
    lift(mod, Ban.objects.get())
    approval = Decision.objects.get(act=Act.APPROVE)
    assert mod.post("/moderation/undo/", {"id": approval.pk}).status_code == 303


def test_the_list_has_those_that_stand_first_and_a_button_at_these_alone(article, mod):
    for name in ("Lifted", "Over", "Stands"):
        ban(mod, rude_comment(article, guest(name), email=""))
    lift(mod, Ban.objects.get(author__name="Lifted"))
    Ban.objects.filter(author__name="Over").update(until=timezone.now())
    page = listed(mod).split('<ul class="decisions">')[1]
    assert page.index("Stands") < page.index("Over") < page.index("Lifted")
    assert page.count("/lift/") == 1
    assert (page.count(">over<"), page.count(">lifted<")) == (1, 1)


def test_the_list_names_no_address_and_takes_as_many_statements_for_many(
    article, mod, django_assert_max_num_queries
):
    ban(mod, rude_comment(article), "person", "address")
    with django_assert_max_num_queries(30) as few:
        assert "An e-mail address" in listed(mod)
        count = len(few)
    for n in range(30):
        ban(mod, rude_comment(article, guest(f"G{n}"), email=f"g{n}@mail.example"), "person", "address")
    with django_assert_max_num_queries(count):
        page = listed(mod)
    assert "mail.example" not in page
    assert "Page 1 of 4" in page


def test_strangers_and_readers_lift_nothing(article, mod, stranger, ben):
    ban(mod, rude_comment(article))
    found = Ban.objects.get()
    assert lift(stranger, found).status_code == 302
    assert lift(ben, found).status_code == 404
    assert bans.standing().count() == 1
    assert lift(mod, found).status_code == 303


def test_lifting_what_is_not_there_is_404(mod):
    assert mod.post("/moderation/bans/99/lift/").status_code == 404
