"""What a ban stops and what it leaves open: replies are refused with the reason, the text is kept."""

import datetime

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Address, Author
from forum.moderation import bans, bans_against
from forum.moderation.decisions import Grounds
from forum.moderation.models_people import Ban
from forum.site.models import SitePolicy
from forum.threads import authors
from forum.threads.models import Comment
from tests.make import form_of, make_comment, make_user, send_reply
from tests.moderation.bans import WHY, ban, rude_comment

pytestmark = pytest.mark.django_db
TYPED = "One more thing\n\nabout <i>sticks</i>."
SHORT = "Replies with this address are not taken at the moment."
LONG = "Replies and reports from you are not taken until"


def said(answer) -> str:
    """The sentence of a refusal, after making sure that nothing was stored and that the words are there."""
    assert answer.status_code == 403
    assert form_of(answer)["body"].replace("\r\n", "\n").strip() == TYPED
    assert not Comment.objects.filter(body_source=TYPED).exists()
    return answer.content.decode()


def taken(answer) -> bool:
    """Whether a reply was taken and stored."""
    return answer.status_code == 303 and Comment.objects.filter(body_source=TYPED).count() == 1


@pytest.fixture
def rude(article) -> Client:
    """A guest's browser that has written here as Rude."""
    client = Client()
    send_reply(client, article, "Buy my sticks.", name="Rude", email="rude@mail.example")
    return client


def words_of_rude() -> Comment:
    """What the guest wrote."""
    return Comment.objects.get(body_source="Buy my sticks.")


def test_a_banned_account_is_told_until_when_and_why(article, ben, mod):
    SitePolicy.objects.create(pk=1, time_zone="Europe/Athens")
    ban(mod, Author.objects.get(user=ben.user))
    until = datetime.datetime(2030, 1, 31, 22, 30, tzinfo=datetime.UTC)
    Ban.objects.update(until=until)
    page = said(send_reply(ben, article, TYPED, name="ben"))
    assert f"{LONG} 1 February 2030, 00:30, for this reason: {WHY}" in page


def test_an_account_that_is_banned_for_ever_is_told_so(article, ben, boss):
    ban(boss, Author.objects.get(user=ben.user), term="ever")
    page = said(send_reply(ben, article, TYPED, name="ben"))
    assert f"Replies and reports from you are not taken any more, for this reason: {WHY}" in page
    assert "9999" not in page


def test_a_banned_person_reads_and_signs_in(article, ben, mod):
    comment = make_comment(article, "Public words.")
    ban(mod, Author.objects.get(user=ben.user))
    assert "Public words." in ben.get(article.path).content.decode()
    assert ben.get(f"/comments/{comment.pk}/").status_code == 302
    fresh = Client()
    answer = fresh.post("/accounts/login/", {"login": "ben", "password": "secret-word-42"})
    assert answer.status_code == 302
    assert "_auth_user_id" in fresh.session


@pytest.mark.parametrize("name", ["Rude", "Polite"])
def test_a_banned_guest_is_known_by_their_browser_under_any_name(article, rude, mod, name):
    ban(mod, words_of_rude())
    assert f"for this reason: {WHY}" in said(send_reply(rude, article, TYPED, name=name))


def test_a_stranger_of_the_same_name_is_not_banned_with_a_guest(article, rude, mod, stranger):
    ban(mod, words_of_rude())
    assert taken(send_reply(stranger, article, TYPED, name="Rude"))


def test_a_banned_account_is_known_in_its_browser_when_it_is_signed_out(article, ben, mod):
    send_reply(ben, article, "Words of ben.", name="ben")
    ban(mod, Author.objects.get(user=ben.user))
    del ben.cookies["sessionid"]
    assert LONG in said(send_reply(ben, article, TYPED, name="Somebody"))


def test_somebody_else_who_signs_in_in_that_browser_is_not_banned(article, rude, mod):
    ban(mod, words_of_rude())
    rude.force_login(make_user("sister"), backend="forum.accounts.backends.OneHash")
    assert taken(send_reply(rude, article, TYPED, name="sister"))


@pytest.mark.parametrize("typed", ["rude@mail.example", "RUDE@Mail.Example"])
def test_whoever_types_a_banned_address_learns_no_more_than_that(article, rude, mod, stranger, typed):
    ban(mod, words_of_rude(), "address")
    page = said(send_reply(stranger, article, TYPED, email=typed))
    assert SHORT in page
    assert WHY not in page
    assert "until" not in page


def test_without_the_address_or_with_another_a_stranger_is_heard(article, rude, mod, stranger):
    ban(mod, words_of_rude(), "address")
    assert taken(send_reply(stranger, article, TYPED, email="not-rude@mail.example"))


def test_whoever_has_proved_a_banned_address_is_told_why_and_is_stopped_without_typing_it(article, rude, mod):
    comment = words_of_rude()
    ban(mod, comment, "address")
    Address.objects.update_or_create(
        author=comment.author, email="rude@mail.example", defaults={"verified_at": timezone.now()}
    )
    Author.objects.filter(pk=comment.author_id).update(name="Rude")
    Address.objects.update(key="k" * 22)
    rude.cookies["afterword_own"] = "k" * 22
    assert f"for this reason: {WHY}" in said(send_reply(rude, article, TYPED, name="Rude"))


def test_an_account_whose_address_is_banned_is_told_why(article, ben, mod, rude):
    comment = rude_comment(article, email=ben.user.email)
    ban(mod, comment, "address")
    assert f"for this reason: {WHY}" in said(send_reply(ben, article, TYPED, name="ben"))


def over(_mod):
    Ban.objects.update(until=timezone.now())


def lifted(mod):
    mod.post(f"/moderation/bans/{Ban.objects.get().pk}/lift/")


@pytest.mark.parametrize("end", [over, lifted])
@pytest.mark.parametrize("whom", ["person", "address"])
def test_control_a_ban_that_is_over_or_lifted_stops_nobody(article, rude, mod, end, whom):
    ban(mod, words_of_rude(), whom)
    end(mod)
    assert taken(send_reply(rude, article, TYPED, name="Rude", email="rude@mail.example"))


def test_a_ban_while_the_form_is_open_refuses_and_keeps_the_text_and_once_it_is_over_it_goes_through(
    article, ben, mod
):
    typed = form_of(ben.get(article.path)) | {"body": TYPED}
    ban(mod, Author.objects.get(user=ben.user))
    answer = ben.post(f"{article.path}reply/", typed)
    assert LONG in said(answer)
    over(mod)
    assert ben.post(f"{article.path}reply/", form_of(answer)).status_code == 303
    assert Comment.objects.get().body_source == TYPED


def test_a_reply_that_was_taken_before_the_ban_gets_its_answer_again(article, ben, mod):
    fields = {"form_key": "a" * 32, "name": "ben"}
    first = send_reply(ben, article, TYPED, **fields)
    ban(mod, Author.objects.get(user=ben.user))
    assert send_reply(ben, article, TYPED, **fields)["Location"] == first["Location"]


def test_a_banned_guest_who_turns_out_to_be_an_account_stays_banned(article, rude, mod, ben):
    comment = words_of_rude()
    ban(mod, comment)
    authors.merge(comment.author, Author.objects.get(user=ben.user))
    assert LONG in said(send_reply(ben, article, TYPED, name="ben"))


def test_a_new_key_of_the_site_with_the_old_one_beside_it_keeps_bans_of_addresses(
    article, rude, mod, stranger, settings
):
    ban(mod, words_of_rude(), "address")
    settings.SECRET_KEY_FALLBACKS = [configured.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-the-site"
    assert SHORT in said(send_reply(stranger, article, TYPED, email="rude@mail.example"))
    settings.SECRET_KEY_FALLBACKS = []
    assert bans_against.standing_against(None, "rude@mail.example") is None


def test_while_nobody_is_banned_one_statement_tells_so(article, mod, django_assert_num_queries):
    author = Author.objects.get(user=mod.user)
    with django_assert_num_queries(1):
        assert bans_against.standing_against(author, "a@mail.example", ["k" * 22]) is None


def test_with_many_bans_the_number_of_statements_stays(article, boss, django_assert_max_num_queries):
    for n in range(20):
        order = bans.Order("week", Grounds(reason=WHY), person=True, address=True)
        comment = rude_comment(
            article, Author.objects.create(kind="guest", name=f"G{n}"), email=f"g{n}@m.example"
        )
        bans.over_comment(comment.pk, order, boss.user)
    author = Author.objects.get(user=boss.user)
    with django_assert_max_num_queries(8):
        assert bans_against.standing_against(author, "a@mail.example", ["k" * 22]) is None
