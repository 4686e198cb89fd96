"""Granting, refusing and taking back claims: what follows, what is remembered, and who was quicker."""

import pytest

from forum.accounts.models import Author
from forum.mail.models import Letter
from forum.moderation.models import Claim
from forum.threads.models import Comment
from forum.threads.states import State
from tests.archive import archived_comment, archived_person, desk, say_mine
from tests.make import make_article, make_user

pytestmark = pytest.mark.django_db
STATEMENTS = 12


@pytest.fixture
def vasilis(db) -> Author:
    """Somebody whom the archive knows by a key."""
    return archived_person()


@pytest.fixture
def claim(article, vasilis, ben) -> Claim:
    """Ben's open claim of a comment of Vasilis."""
    say_mine(ben, archived_comment(article, vasilis), "Ask my wife.")
    return Claim.objects.get()


def told(client, address: str = "/moderation/claims/") -> str:
    """What a moderator reads."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def decided(claim: Claim) -> tuple:
    """What a claim remembers of its decision."""
    claim.refresh_from_db()
    return claim.granted, claim.decided_by, claim.decided_at is not None


def test_the_desk_shows_all_that_is_needed_and_no_address(article, claim, vasilis, ben, mod):
    for _ in range(2):
        archived_comment(article, vasilis)
    elsewhere = archived_comment(make_article(), vasilis)
    page = told(mod)
    assert "1 claim waits" in page
    for words in ("<bdi>ben</bdi>", "address verified", "Ask my wife.", "Archived words 0.", article.title):
        assert words in page
    assert "wrote 3 more comments" in page
    assert "ben@example.org" not in page
    Comment.objects.filter(pk=elsewhere.pk).update(author=None)
    assert "wrote 2 more comments" in told(mod)
    ben.user.emailaddress_set.update(verified=False)
    assert "address not verified" in told(mod)


def test_the_queue_says_how_many_claims_wait(claim, mod):
    assert 'Claims <span class="count">1</span>' in told(mod, "/moderation/")
    desk(mod, "refuse", claim)
    assert ">Claims</a>" in told(mod, "/moderation/")


def test_granting_makes_the_archived_person_the_accounts(article, claim, vasilis, ben, mod, stranger):
    other = archived_comment(article, vasilis)
    answer = desk(mod, "grant", claim)
    vasilis.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/claims/")
    assert decided(claim) == (True, mod.user, True)
    assert vasilis.claimed_by == ben.user
    assert "Granted: ben wrote this." in told(mod)
    page = stranger.get(f"/people/{ben.user.author.pk}/").content.decode()
    assert f"/comments/{claim.comment_id}/" in page
    assert f"/comments/{other.pk}/" in page
    assert not Letter.objects.exists()


def test_a_comment_of_a_name_alone_gets_a_person_of_its_own(article, ben, mod, stranger):
    claimed, same_name = archived_comment(article), archived_comment(article)
    say_mine(ben, claimed)
    version = claimed.version
    desk(mod, "grant", Claim.objects.get())
    claimed.refresh_from_db()
    same_name.refresh_from_db()
    person = claimed.author
    assert (person.kind, person.name, person.claimed_by) == (Author.Kind.ARCHIVED, "Vasilis", ben.user)
    assert (same_name.author, claimed.version) == (None, version)
    page = stranger.get(f"/people/{ben.user.author.pk}/").content.decode()
    assert page.count('class="said"') == 1


def test_an_account_without_an_author_gets_one_to_have_a_page(claim, ben, mod, stranger):
    Author.objects.filter(user=ben.user).delete()
    desk(mod, "grant", claim)
    author = Author.objects.get(user=ben.user)
    assert stranger.get(f"/people/{author.pk}/").status_code == 200


def test_refusing_changes_nothing_in_public(claim, vasilis, mod, stranger):
    before = stranger.get(f"/people/{vasilis.pk}/").content
    assert desk(mod, "refuse", claim).status_code == 303
    vasilis.refresh_from_db()
    assert (decided(claim), vasilis.claimed_by) == ((False, mod.user, True), None)
    assert "Refused: the claim of ben." in told(mod)
    assert stranger.get(f"/people/{vasilis.pk}/").content == before


@pytest.mark.parametrize("act", ["grant", "refuse"])
def test_a_decision_is_taken_back_and_stays_on_record(claim, vasilis, mod, boss, act):
    desk(mod, act, claim)
    answer = desk(boss, "take-back", claim)
    vasilis.refresh_from_db()
    again = Claim.objects.latest("pk")
    assert answer.status_code == 303
    assert decided(claim) == (act == "grant", mod.user, True)
    assert (again.comment, again.by, again.text) == (claim.comment, claim.by, claim.text)
    assert (again.granted, again.decided_by, vasilis.claimed_by) == (None, boss.user, None)
    page = told(boss)
    assert "Taken back: the claim of ben waits again." in page
    assert "opened again by <bdi>boss</bdi>" in page
    assert "taken back" in told(boss, "/moderation/claims/decided/")
    assert desk(mod, "grant", again).status_code == 303
    vasilis.refresh_from_db()
    assert vasilis.claimed_by == claim.by


def test_what_was_granted_stands_no_more_once_it_is_taken_back(claim, ben, mod, stranger):
    desk(mod, "grant", claim)
    assert stranger.get(f"/people/{ben.user.author.pk}/").status_code == 200
    desk(mod, "take-back", claim)
    assert stranger.get(f"/people/{ben.user.author.pk}/").status_code == 404


def test_other_claims_of_the_same_person_are_granted_with_it(article, claim, vasilis, ben, mod):
    say_mine(ben, archived_comment(article, vasilis))
    say_mine(ben, archived_comment(article, name="Maria"))
    desk(mod, "grant", claim)
    states = list(Claim.objects.order_by("pk").values_list("granted", flat=True))
    assert states == [True, True, None]


def test_somebody_elses_claim_of_the_same_person_is_marked_and_cannot_be_granted_then(
    article, claim, vasilis, boss, mod
):
    say_mine(boss, archived_comment(article, vasilis))
    rival = Claim.objects.get(by=boss.user)
    assert told(mod).count("others claim this too") == 2
    desk(mod, "grant", claim)
    assert "This person is confirmed as <bdi>ben</bdi> already." in told(mod)
    answer = desk(mod, "grant", rival)
    assert answer.status_code == 409
    assert "confirmed as somebody else" in answer.content.decode()
    assert decided(rival) == (None, None, False)
    assert desk(mod, "refuse", rival).status_code == 303


@pytest.mark.parametrize("first", ["grant", "refuse"])
@pytest.mark.parametrize("second", ["grant", "refuse"])
def test_the_second_of_two_moderators_is_told_in_one_sentence(claim, mod, boss, first, second):
    desk(mod, first, claim)
    answer = desk(boss, second, claim)
    assert answer.status_code == 409
    assert "Somebody was quicker" in answer.content.decode()
    assert decided(claim) == (first == "grant", mod.user, True)


def test_what_is_open_or_has_been_taken_back_cannot_be_taken_back(claim, mod):
    assert desk(mod, "take-back", claim).status_code == 409
    desk(mod, "grant", claim)
    desk(mod, "take-back", claim)
    assert desk(mod, "take-back", claim).status_code == 409
    assert Claim.objects.count() == 2


def test_a_moderator_does_not_confirm_the_own_claim_and_an_admin_may(article, mod, boss):
    for client in (mod, boss):
        say_mine(client, archived_comment(article))
    own, admins = Claim.objects.order_by("pk")
    answer = desk(mod, "grant", own)
    assert answer.status_code == 409
    assert "Nobody confirms their own claim" in answer.content.decode()
    assert decided(own) == (None, None, False)
    assert desk(boss, "grant", admins).status_code == 303


def test_a_comment_that_lost_its_words_is_not_granted(claim, mod):
    Comment.objects.update(kind="placeholder", state=State.REMOVED, body_source="", body_html="")
    assert "The comment has lost its words." in told(mod)
    answer = desk(mod, "grant", claim)
    assert answer.status_code == 409
    assert "nothing to confirm" in answer.content.decode()
    assert desk(mod, "refuse", claim).status_code == 303


@pytest.mark.parametrize("number", ["", "0", "999", "nonsense", "-1", "9" * 30, "\x00"])
def test_a_number_that_is_nonsense_is_not_found(db, mod, number):
    for act in ("grant", "refuse", "take-back"):
        assert desk(mod, act, number).status_code == 404


def test_an_unknown_decision_is_a_bad_request(claim, mod):
    answer = desk(mod, "<b>give</b>", claim)
    assert answer.status_code == 400
    assert "<b>give" not in answer.content.decode()
    assert decided(claim) == (None, None, False)


def test_the_desk_of_claims_is_shut_to_others(claim, ben, stranger):
    for address in ("/moderation/claims/", "/moderation/claims/decided/"):
        assert stranger.get(address).status_code == 302
        assert ben.get(address).status_code == 404
    for act in ("grant", "refuse", "take-back"):
        assert desk(stranger, act, claim).status_code == 302
        assert desk(ben, act, claim).status_code == 404
    assert decided(claim) == (None, None, False)


@pytest.mark.parametrize("count", [2, 18])
def test_the_number_of_statements_does_not_grow_with_the_claims(mod, count, django_assert_max_num_queries):
    people = [make_user(f"reader-{n}") for n in range(count)]
    for n, user in enumerate(people):
        comment = archived_comment(make_article(f"Post {n}"), archived_person(f"Old {n}"), f"Old {n}")
        decision = (
            {"granted": True, "decided_by": mod.user, "decided_at": comment.received_at} if n % 2 else {}
        )
        Claim.objects.create(comment=comment, by=user, **decision)
    for address in ("/moderation/claims/", "/moderation/claims/decided/"):
        with django_assert_max_num_queries(STATEMENTS):
            mod.get(address)
