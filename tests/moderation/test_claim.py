"""Claiming: a reader says that archived words are theirs; who may, what is refused, what nobody learns."""

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Author
from forum.mail.models import Letter
from forum.moderation import claims
from forum.moderation.models import Claim
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.archive import archived_comment, archived_person, desk, say_mine
from tests.make import make_article, make_comment, without_stamp

pytestmark = pytest.mark.django_db
UNREADABLE = [State.HELD, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN]


@pytest.fixture
def old(article) -> Comment:
    """An archived comment of somebody whom the archive knows by a key."""
    return archived_comment(article, archived_person())


def asked(client, comment: Comment) -> str:
    """The page that asks, as it comes."""
    answer = client.get(f"/comments/{comment.pk}/claim/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reader_claims_an_archived_comment_and_is_thanked(old, ben):
    page = asked(ben, old)
    assert "Did you write this?" in page
    assert "Archived words 0." in page
    assert "<bdi>Vasilis</bdi>" in page
    answer = say_mine(ben, old, "  I had the blog\x00 on sticks.\r\nAsk me.  ")
    claim = Claim.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/comments/{old.pk}/")
    assert (claim.comment, claim.by, claim.text) == (old, ben.user, "I had the blog on sticks.\nAsk me.")
    assert (claim.granted, claim.decided_by, claim.decided_at) == (None, None, None)
    assert (
        "Thank you. A moderator will look at it." in ben.get(answer["Location"], follow=True).content.decode()
    )
    assert Author.objects.get(name="Vasilis").claimed_by is None
    assert not Letter.objects.exists()


def test_the_link_stands_at_archived_comments_of_nobody_for_people_with_an_account(
    article, old, stranger, ben, mod
):
    live = make_comment(article, name="Vera")
    taken = archived_comment(article, archived_person("Maria", claimed_by=mod.user), "Maria")
    page = ben.get(article.path).content.decode()
    assert f"/comments/{old.pk}/claim/" in page
    for other in (live, taken):
        assert f"/comments/{other.pk}/claim/" not in page
    assert "/claim/" not in stranger.get(article.path).content.decode()


def test_a_claim_is_seen_by_its_maker_and_the_desk_alone(article, old, stranger, ben, mod):
    before = without_stamp(stranger.get(article.path).content.decode())
    say_mine(ben, old, "A secret reason.")
    assert without_stamp(Client().get(article.path).content.decode()) == before
    others = [
        mod.get(article.path),
        mod.get(f"/comments/{old.pk}/claim/"),
        stranger.get(f"/people/{old.author_id}/"),
    ]
    for answer in others:
        assert "A secret reason." not in answer.content.decode()
        assert "ben" not in without_stamp(answer.content.decode())


def test_claiming_again_is_the_same_claim(old, ben):
    say_mine(ben, old)
    assert say_mine(ben, old).status_code == 303
    assert Claim.objects.count() == 1
    assert "no moderator has looked at it yet" in asked(ben, old)


def test_two_people_may_claim_the_same_words(old, ben, boss):
    assert (say_mine(ben, old).status_code, say_mine(boss, old).status_code) == (303, 303)
    assert Claim.objects.count() == 2


def test_visitors_are_sent_to_sign_in_and_nothing_is_written(old, stranger):
    address = f"/comments/{old.pk}/claim/"
    for answer in (stranger.get(address), say_mine(stranger, old)):
        assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next={address}")
    assert not Claim.objects.exists()


@pytest.mark.parametrize("state", UNREADABLE)
def test_what_may_not_be_seen_is_answered_as_what_never_was(article, stranger, ben, mod, state):
    hidden = archived_comment(article, archived_person(), state=state)
    for client in (stranger, ben, mod):
        for method in (client.get, client.post):
            held, never = method(f"/comments/{hidden.pk}/claim/"), method("/comments/999999/claim/")
            assert (held.status_code, never.status_code) == (404, 404)
            assert held.content == never.content
    assert not Claim.objects.exists()


def test_only_archived_comments_of_people_on_public_articles_can_be_claimed(article, ben, mod):
    erased = archived_person("Erased", erased_at=timezone.now())
    rows = [
        make_comment(article, name="ben", author=ben.user.author),
        archived_comment(article, kind=Kind.PINGBACK),
        archived_comment(article, kind=Kind.PLACEHOLDER),
        archived_comment(article, erased),
        archived_comment(make_article(state="hidden")),
    ]
    for row in rows:
        assert (ben.get(f"/comments/{row.pk}/claim/").status_code, say_mine(ben, row).status_code) == (
            404,
            404,
        )
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("owner", "sentence"),
    [("mod", "that somebody else wrote this"), ("ben", "that you wrote this")],
)
def test_what_is_confirmed_is_not_claimed_again(article, ben, mod, owner, sentence):
    user = {"ben": ben, "mod": mod}[owner].user
    taken = archived_comment(article, archived_person(claimed_by=user))
    page, answer = asked(ben, taken), say_mine(ben, taken)
    assert answer.status_code == 409
    for said in (page, answer.content.decode()):
        assert sentence in said
        assert "<textarea" not in said
        assert "mod" not in without_stamp(said).replace("moderator", "")
    assert not Claim.objects.exists()


def test_what_was_refused_is_not_claimed_again(old, ben, mod):
    say_mine(ben, old)
    desk(mod, "refuse", Claim.objects.get())
    assert "could not confirm that you wrote it" in asked(ben, old)
    assert say_mine(ben, old).status_code == 409
    assert Claim.objects.count() == 1


def test_twenty_claims_wait_for_an_account_and_not_one_more(article, ben, boss):
    rows = [archived_comment(article, name=f"Name {n}") for n in range(claims.MOST_OPEN + 1)]
    answers = [say_mine(ben, row).status_code for row in rows]
    assert answers == [303] * 20 + [409]
    assert "wait for a moderator" in say_mine(ben, rows[-1]).content.decode()
    assert say_mine(boss, rows[-1]).status_code == 303
    desk(boss, "refuse", Claim.objects.filter(by=ben.user).first())
    assert say_mine(ben, rows[-1]).status_code == 303


def test_a_long_text_is_cut(old, ben):
    say_mine(ben, old, "x" * 5000)
    assert Claim.objects.get().text == "x" * claims.LONGEST_TEXT


def test_a_claim_takes_a_post_with_a_token(old, ben):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben.user, backend="forum.accounts.backends.OneHash")
    assert say_mine(strict, old).status_code == 403
    assert asked(ben, old)
    assert ben.put(f"/comments/{old.pk}/claim/").status_code == 405
    assert not Claim.objects.exists()


def test_a_name_or_address_that_is_the_same_confirms_nothing(article, ben, stranger):
    twin = archived_person("ben")
    comment = archived_comment(article, twin, "ben")
    make_comment(article, "Live.", name="ben", author=ben.user.author)
    say_mine(ben, comment)
    twin.refresh_from_db()
    assert twin.claimed_by is None
    assert "Archived words" not in stranger.get(f"/people/{ben.user.author.pk}/").content.decode()


def test_control_without_the_check_of_public_words_a_held_comment_could_be_claimed(article, ben, monkeypatch):
    hidden = archived_comment(article, archived_person(), state=State.HELD)
    monkeypatch.setattr(claims, "claimable", lambda: Comment.objects.select_related("author", "article"))
    assert say_mine(ben, hidden).status_code == 303
