"""A guest proves an address with one click; until then a typed address gives nothing to anybody."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts import addresses
from forum.accounts.models import Address, Author
from forum.accounts.viewer import OWN_COOKIE
from forum.mail.models import Letter
from forum.notifications.models import Subscription
from forum.threads.models import Comment
from tests.make import make_comment, make_user, send_reply
from tests.notifications.people import guest, link_in
from tests.rules.test_gates import rows

pytestmark = pytest.mark.django_db
VERA = "vera@guest.example"


def ask(client, article, body="I tried one, too.", email=VERA, **fields):
    """Reply with an address; returns the reply and the newest letter."""
    assert send_reply(client, article, body, email=email, **fields).status_code == 303
    return Comment.objects.get(body_source=body), Letter.objects.order_by("pk").last()


def page_of(letter) -> str:
    return link_in(letter, "/verify/")


def test_a_reply_with_an_address_is_answered_by_one_letter_without_a_word_of_the_writer(article, stranger):
    reply, letter = ask(stranger, article, "Buy at https://evil.example", name="Evil Example")
    assert Letter.objects.count() == 1
    assert (letter.to, letter.state) == (VERA, "waiting")
    assert Address.objects.get().verified_at is None
    for words in ("evil", "Evil", "Buy at", article.title):
        assert words not in letter.text + letter.subject


def test_a_reply_without_an_address_or_caught_in_the_trap_writes_no_letter(article, stranger):
    send_reply(stranger, article)
    send_reply(stranger, article, "More.", email=VERA, website="https://spam.example")
    assert not Letter.objects.exists()
    assert not Address.objects.exists()


def test_get_and_head_change_no_row_and_show_no_words(article, stranger):
    reply, letter = ask(stranger, article)
    before = rows()
    for method in ("get", "head", "options"):
        getattr(Client(), method)(page_of(letter))
    answer = Client().get(page_of(letter))
    assert rows() == before
    page = answer.content.decode()
    assert "Is this yours?" in page
    assert "Vera" in page
    assert reply.body_source not in page
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex"
    assert OWN_COOKIE not in answer.cookies


def test_the_click_verifies_once_and_gives_the_browser_the_key(article, stranger):
    reply, letter = ask(stranger, article)
    other = Client()
    assert reply.body_source not in other.get(article.path).content.decode()
    answer = other.post(page_of(letter))
    assert answer.status_code == 200
    assert Address.objects.get().verified_at is not None
    assert other.cookies[OWN_COOKIE].value == f"{Address.objects.get().key}.{reply.own_key}"
    assert reply.body_source in other.get(article.path).content.decode()
    again = Client().post(page_of(letter))
    assert again.status_code == 410
    assert "This link has been used." in again.content.decode()
    assert OWN_COOKIE not in again.cookies


@pytest.mark.parametrize("method", ["get", "post"])
def test_mangled_foreign_and_old_links_are_one_sentence_and_reveal_nothing(
    article, stranger, monkeypatch, method
):
    _reply, letter = ask(stranger, article)
    good = page_of(letter)
    other = addresses.links.make("claim", what=1, who=2, version=3)
    for bad in (good[:-2] + "/", f"/verify/{other}/", "/verify/x/", "/verify/é:b:c/", good.replace(":", ".")):
        answer = getattr(Client(), method)(bad)
        assert answer.status_code == 410
        assert VERA not in answer.content.decode()
    now = addresses.links.signing.time.time()
    monkeypatch.setattr(addresses.links.signing.time, "time", lambda: now + 7 * 86400 + 2)
    answer = getattr(Client(), method)(good)
    assert "older than seven days" in answer.content.decode()
    assert Address.objects.get().verified_at is None


def test_a_form_of_another_site_verifies_nothing(article, stranger):
    _reply, letter = ask(stranger, article)
    answer = Client().post(page_of(letter), headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert Address.objects.get().verified_at is None
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(make_user("ann"), backend="forum.accounts.backends.OneHash")
    assert signed_in.post(page_of(letter)).status_code == 403


def test_no_more_than_three_letters_a_day_however_often_the_address_is_typed(article, monkeypatch):
    for n in range(6):
        send_reply(Client(), article, f"Words {n}.", email=VERA if n % 2 else VERA.upper())
    assert Letter.objects.count() == 3
    send_reply(Client(), article, "Words of another.", email="other@guest.example")
    assert Letter.objects.count() == 4
    later = timezone.now() + timedelta(days=1, minutes=1)
    assert addresses.letter_key(VERA) is None
    monkeypatch.setattr(addresses, "timezone", SimpleNamespace(now=lambda: later))
    assert addresses.letter_key(VERA) is not None


def test_one_letter_for_a_guest_a_day(article, stranger):
    ask(stranger, article)
    send_reply(stranger, article, "And another thing.", email=VERA)
    assert Letter.objects.count() == 1
    Address.objects.update(asked_at=timezone.now() - timedelta(days=1, minutes=1))
    send_reply(stranger, article, "The next day.", email=VERA)
    assert Letter.objects.count() == 2


def test_a_second_device_with_the_same_address_becomes_the_same_person(article, stranger):
    first, letter = ask(stranger, article)
    stranger.post(page_of(letter))
    phone = Client()
    second, letter = ask(phone, article, "From the phone.", name="Vera on the way")
    assert second.author != first.author
    answer = phone.post(page_of(letter))
    assert answer.status_code == 200
    second.refresh_from_db()
    assert second.author == first.author
    keys = {Address.objects.get().key, first.own_key, second.own_key}
    assert set(phone.cookies[OWN_COOKIE].value.split(".")) == keys
    assert Address.objects.count() == 1
    third, _letter = ask(phone, article, "Again from the phone.", name="Vera on the way")
    assert third.author == first.author


def test_a_typed_address_of_somebody_else_gives_no_author_no_key_and_no_words(article, stranger):
    owner = guest("Vera", VERA)
    secret = make_comment(article, "My held words.", state="held", author=owner.author)
    reply, _letter = ask(stranger, article, "I pretend.")
    assert reply.author != owner.author
    assert secret.own_key not in stranger.cookies[OWN_COOKIE].value
    assert secret.body_source not in stranger.get(article.path).content.decode()


def test_an_address_of_an_account_gives_the_words_to_the_account(article, stranger):
    ann = make_user("ann")
    reply, letter = ask(stranger, article, email="ann@example.org")
    assert reply.author != ann.author
    answer = Client().post(page_of(letter))
    reply.refresh_from_db()
    assert reply.author == ann.author
    assert "It belongs to your account." in answer.content.decode()


def test_an_address_that_an_account_has_not_verified_is_the_guests(article, stranger):
    ann = make_user("ann")
    ann.emailaddress_set.update(verified=False)
    reply, letter = ask(stranger, article, email="ann@example.org")
    Client().post(page_of(letter))
    reply.refresh_from_db()
    assert reply.author.kind == Author.Kind.GUEST
    assert Address.objects.get().author == reply.author


def test_a_new_account_with_the_address_has_the_guests_words(article, stranger):
    reply, letter = ask(stranger, article)
    page = stranger.post(page_of(letter)).content.decode()
    assert "/accounts/signup/?email=vera%40guest.example" in page
    user = make_user("vera")
    user.email = VERA
    user.save()
    user.emailaddress_set.update(email=VERA)
    addresses.adopt(user, VERA)
    reply.refresh_from_db()
    assert (reply.author.user, reply.author.kind, reply.author.name) == (user, "account", "vera")
    assert Author.objects.filter(user=user).count() == 1


def test_an_account_with_words_of_its_own_gets_the_guests_too(article, stranger, ben):
    own = make_comment(article, "By the account.", author=ben.user.author)
    reply, _letter = ask(stranger, article, email="ben@example.org")
    Address.objects.update(verified_at=timezone.now())
    send_reply(ben, article, "Signed in.")
    reply.refresh_from_db()
    own.refresh_from_db()
    assert reply.author == own.author == Comment.objects.get(body_source="Signed in.").author
    assert Address.objects.get(verified_at__isnull=False).author == own.author


def test_the_click_begins_the_answers_that_were_asked_for_with_the_reply(article, stranger):
    _reply, letter = ask(stranger, article, follow="on")
    assert "told by mail" in letter.text
    assert Subscription.objects.get().confirmed_at is None
    Client().post(page_of(letter))
    assert Subscription.objects.get().is_active


def test_answers_by_mail_need_an_address_and_the_text_is_kept(article, stranger, ben):
    answer = send_reply(stranger, article, follow="on")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Where should the letters go?" in page
    assert "I tried one, too." in page
    assert send_reply(ben, article, follow="on").status_code == 303
    assert Subscription.objects.get().is_active
    assert not Letter.objects.exists()


def test_what_is_no_address_for_letters_is_not_asked_and_the_reply_counts(article, stranger):
    send_reply(stranger, article, email='"a b"@guest.example')
    assert Comment.objects.exists() or not Letter.objects.exists()
    assert not Letter.objects.exists() or "\n" not in Letter.objects.get().to


def test_unproven_addresses_are_forgotten_and_proved_ones_kept(article, stranger):
    kept = guest("Kim")
    ask(stranger, article, follow="on")
    Address.objects.update(asked_at=timezone.now() - timedelta(days=9))
    assert addresses.purge() == 1
    assert list(Address.objects.all()) == [kept]
    assert not Subscription.objects.exists()
