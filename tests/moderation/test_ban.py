"""Banning: whom, for how long, why, and what is written down."""

import datetime

import pytest
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.mail.models import Letter
from forum.moderation import bans, bans_against, undo
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban, Reason
from forum.threads.models import Comment
from forum.threads.states import State
from tests.archive import archived_comment, archived_person
from tests.make import make_comment, make_user
from tests.moderation.bans import WHY, ban, guest, rude_comment

pytestmark = pytest.mark.django_db
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


@pytest.mark.parametrize("state", ["held", "visible", "removed", "spam"])
def test_a_ban_over_a_comment_is_a_decision_that_leaves_the_comment_as_it_is(article, mod, state):
    comment = rude_comment(article, state=state)
    answer = ban(mod, comment)
    found, decision = Ban.objects.get(), Decision.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/comments/{comment.pk}/")
    assert "Banned: Rude." in mod.get("/moderation/").content.decode()
    assert (found.kind, found.author, found.by, found.reason) == ("person", comment.author, mod.user, WHY)
    assert (found.decision, found.lifted_at, found.key) == (decision, None, "")
    assert (decision.act, decision.comment, decision.actor) == (Act.BAN, comment, mod.user)
    assert (decision.from_state, decision.to_state, decision.reason) == (state, state, WHY)
    after = Comment.objects.get()
    assert (after.state, after.version, decision.comment_version) == (state, comment.version, comment.version)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("term", DAYS)
def test_a_ban_ends_by_itself_after_its_term(article, mod, term):
    ban(mod, rude_comment(article), term=term)
    left = Ban.objects.get().until - timezone.now()
    assert datetime.timedelta(0) < datetime.timedelta(days=DAYS[term]) - left < datetime.timedelta(minutes=1)


def test_only_an_admin_bans_for_ever(article, mod, boss):
    comment = rude_comment(article)
    assert "For ever" not in mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    answer = ban(mod, comment, term="ever")
    assert (answer.status_code, Ban.objects.count()) == (422, 0)
    assert "Please choose how long the ban lasts." in answer.content.decode()
    assert "For ever" in boss.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    assert ban(boss, comment, term="ever").status_code == 303
    assert Ban.objects.get().until.year == 9999


def test_the_act_refuses_for_ever_to_a_moderator_as_well(article, mod):
    comment = rude_comment(article)
    order = bans.Order(bans.EVER, bans.decisions.Grounds(reason=WHY))
    with pytest.raises(bans.NotPossibleError) as error:
        bans.over_comment(comment.pk, order, mod.user)
    assert error.value.args == (bans.LONG,)
    assert not Ban.objects.exists()


def test_an_address_is_banned_by_its_keyed_hash_and_shown_nowhere(article, mod):
    comment = rude_comment(article)
    page = mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    assert "the e-mail address that was given with this comment" in page
    assert ban(mod, comment, "address").status_code == 303
    found = Ban.objects.get()
    assert (found.kind, found.author, len(found.key)) == ("email", None, 64)
    shown = [page, mod.get("/moderation/").content.decode(), mod.get("/moderation/bans/").content.decode()]
    assert "Banned: the address given with the comment." in shown[1]
    assert not any("mail.example" in text.lower() for text in shown)
    other = rude_comment(article, guest("Other"), email="rude@mail.EXAMPLE")
    assert bans_against.standing_against(None, "other@mail.example") is None
    assert bans_against.standing_against(None, " RUDE@mail.example ").ban == found
    assert "A ban stands already" in ban(mod, other, "address").content.decode()


def test_person_and_address_are_two_bans_of_one_decision(article, mod):
    assert ban(mod, rude_comment(article), "person", "address").status_code == 303
    decision = Decision.objects.get()
    assert sorted(Ban.objects.values_list("kind", "decision")) == [
        ("email", decision.pk),
        ("person", decision.pk),
    ]


def test_a_ban_of_a_person_without_a_comment_has_no_decision(article, mod):
    author = rude_comment(article).author
    answer = ban(mod, author)
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/people/{author.pk}/")
    assert (Ban.objects.get().decision, Decision.objects.count()) == (None, 0)
    assert "address" not in mod.get(f"/moderation/people/{author.pk}/ban/").content.decode().split("<form")[1]


def test_a_reason_from_the_list_is_told_with_its_text_and_stays_as_it_was(article, mod):
    reason = Reason.objects.create(code="test-ads", title="Ads", text="We take no advertising.")
    ban(mod, rude_comment(article), code="test-ads", reason="Ask us first.")
    Reason.objects.filter(pk=reason.pk).update(text="Something else.")
    decision = Decision.objects.get()
    assert (decision.reason_code, decision.reason) == ("test-ads", "We take no advertising. Ask us first.")
    assert Ban.objects.get().reason == "We take no advertising. Ask us first."


REFUSED = [
    ({"reason": " "}, "Please give a reason: whoever is banned reads it."),
    ({"reason": "x" * 501}, "The reason is too long"),
    ({"code": "no-such-code"}, "This reason is not in the list any more"),
    ({"term": ""}, "Please choose how long the ban lasts."),
    ({"term": "century"}, "Please choose how long the ban lasts."),
    ({"person": ""}, "Please choose whom the ban is about."),
]


@pytest.mark.parametrize(("fields", "says"), REFUSED)
def test_a_form_that_says_too_little_is_refused_and_what_was_typed_is_kept(article, mod, fields, says):
    comment = rude_comment(article)
    answer = ban(mod, comment, **({"reason": "My own words."} | fields))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert says in page
    assert fields.get("reason", "My own words.").strip() in page
    assert not Ban.objects.exists()
    assert not Decision.objects.exists()


def test_nobody_bans_themselves(article, mod):
    own = Author.objects.get(user=mod.user)
    comment = rude_comment(article, own, email=mod.user.email.upper())
    for about, *whom in ((own, "person"), (comment, "person"), (comment, "address")):
        answer = ban(mod, about, *whom)
        assert (answer.status_code, Ban.objects.count()) == (409, 0)
        assert "Nobody bans themselves." in answer.content.decode()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN])
def test_a_moderator_bans_nobody_of_the_staff_and_an_admin_does(article, mod, boss, role):
    user = make_user("quill", role)
    comment = rude_comment(article, Author.objects.get(user=user), email="quill@example.org")
    for whom in ("person", "address"):
        answer = ban(mod, comment, whom)
        assert (answer.status_code, Ban.objects.count()) == (409, 0)
        assert "whom only an admin can ban" in answer.content.decode()
    assert ban(boss, comment, "person", "address").status_code == 303
    assert Ban.objects.count() == 2


def test_a_second_ban_of_somebody_who_is_banned_is_refused_and_one_after_it_is_taken(article, mod):
    comment = rude_comment(article)
    ban(mod, comment)
    answer = ban(mod, comment, term="year")
    assert (answer.status_code, Ban.objects.count()) == (409, 1)
    assert "A ban stands already; lift it first" in answer.content.decode()
    Ban.objects.update(until=timezone.now())
    assert (ban(mod, comment).status_code, Ban.objects.count()) == (303, 2)


def test_there_is_nobody_to_ban_in_an_archive_unless_it_is_known_whose_account_it_is(article, mod, ben):
    vasilis = archived_person()
    comment = archived_comment(article, vasilis)
    page = mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    assert "There is nobody here whom a ban could be about" in page
    assert ban(mod, comment).status_code == 409
    assert not Ban.objects.exists()
    Author.objects.filter(pk=vasilis.pk).update(claimed_by=ben.user)
    assert ban(mod, comment).status_code == 303
    assert Ban.objects.get().author == Author.objects.get(user=ben.user)


def test_an_address_that_was_not_given_or_is_forgotten_cannot_be_banned(article, mod):
    comment = rude_comment(article, email="")
    assert "address that was given" not in mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    assert ban(mod, comment, "address").status_code == 409
    assert not Ban.objects.exists()


def test_a_ban_stands_in_the_way_of_no_other_decision(article, mod):
    comment = rude_comment(article)
    mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    ban(mod, comment)
    approval = Decision.objects.get(act=Act.APPROVE)
    assert mod.post("/moderation/undo/", {"id": approval.pk}).status_code == 303
    assert Comment.objects.get().state == State.HELD
    assert bans.standing().count() == 1


def test_control_another_decision_stands_in_the_way(article, mod):
    comment = rude_comment(article)
    for act in ("approve", "remove"):
        mod.post("/moderation/decide/", {"comment": comment.pk, "decision": act})
    with pytest.raises(bans.decisions.NotPossibleError):
        undo.undo(Decision.objects.get(act=Act.APPROVE).pk, mod.user)


def test_strangers_and_readers_ban_nobody(article, stranger, ben):
    comment = rude_comment(article)
    for about in (comment, comment.author):
        assert ban(stranger, about).status_code == 302
        assert ban(ben, about).status_code == 404
    assert not Ban.objects.exists()
    assert not Decision.objects.exists()


def test_a_ban_over_nothing_is_404(mod, article):
    make_comment(article)
    assert mod.get("/moderation/comments/99/ban/").status_code == 404
    assert mod.post("/moderation/people/99999/ban/", {"person": "on"}).status_code == 404
