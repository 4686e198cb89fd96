"""Every refusal says why, writes nothing, and gives back what was typed."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from forum.moderation.models import Act, Decision
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.make import form_of, load_comments, make_article, make_comment, make_user, send_reply

pytestmark = pytest.mark.django_db
TYPED = "It took me\n\nthree hours & <b>both</b> hands."
GONE = "The comment that you answer is not there"
UNREADABLE = [State.HELD, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN]


def assert_refused(answer, says: str, *, body: str = TYPED, status: int = 422) -> dict[str, str]:
    """The refusal's form after making sure that it says why and that the words are in it."""
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert answer["Cache-Control"] == "private, no-store"
    form = form_of(answer)
    assert form["body"].replace("\r\n", "\n").strip() == body.strip()
    assert not Comment.objects.filter(name_shown="Vera").exists()
    return form


@pytest.mark.parametrize("body", ["", "   \n \t\n", "\u00a0\u3000", "\x00\x07"])
def test_a_reply_without_words_is_refused(article, stranger, body):
    answer = send_reply(stranger, article, body, email="v@x.example")
    form = assert_refused(
        answer, "still empty", body="".join(c for c in body if c.isprintable() or c.isspace())
    )
    assert (form["name"], form["email"]) == ("Vera", "v@x.example")


@pytest.mark.parametrize("body", ["\u200b\u200b", "\ufeff", "\u2060 \u00ad"])
def test_a_reply_of_invisible_characters_only_is_refused(article, stranger, body):
    assert send_reply(stranger, article, body).status_code == 422
    assert not Comment.objects.exists()


def test_a_reply_of_100_kb_is_refused_and_the_text_kept(article, stranger):
    body = "word " * 20_000
    form = assert_refused(send_reply(stranger, article, body), "99,999 characters", body=body)
    assert form["name"] == "Vera"


@pytest.mark.parametrize("name", ["", "  ", "\u200b\u202e", "\x00"])
def test_a_reply_without_a_name_is_refused_and_the_text_kept(article, stranger, name):
    assert send_reply(stranger, article, TYPED, name=name).status_code == 422
    assert_refused(send_reply(stranger, article, TYPED, name=name), "Please give a name")


def test_a_name_that_is_too_long_is_refused_and_kept(article, stranger):
    form = assert_refused(send_reply(stranger, article, TYPED, name="V" * 81), "80 characters long at most")
    assert form["name"] == "V" * 81


@pytest.mark.parametrize("name", ["Moderator", "\u0410dmin", "st\u200baff", "The Moderator"])
def test_a_name_that_imitates_the_staff_is_refused_and_kept(article, stranger, name):
    form = assert_refused(send_reply(stranger, article, TYPED, name=name), "taken for somebody of the staff")
    assert form["name"] == name


def test_a_moderators_own_name_is_theirs_alone(article, stranger, mod):
    make_user("Quill", "moderator")
    assert send_reply(mod, article, "I am the moderator.", name="Quill").status_code == 303
    assert_refused(send_reply(stranger, article, TYPED, name="Qu\u0456ll"), "taken for somebody of the staff")
    assert send_reply(stranger, article, TYPED, name="Quillan").status_code == 303


def test_a_mistyped_e_mail_address_is_refused_and_kept(article, stranger):
    form = assert_refused(send_reply(stranger, article, TYPED, email="vera@"), "does not look like an e-mail")
    assert form["email"] == "vera@"


@pytest.mark.parametrize("parent", ["nonsense", "-1", "0", "1.5", "9" * 18, "1" + "0" * 30, "٣"])
def test_a_parent_that_is_nonsense_or_unknown_is_refused_and_the_text_kept(article, stranger, parent):
    assert_refused(send_reply(stranger, article, TYPED, parent=parent), GONE)


def test_a_parent_of_another_article_is_refused_and_the_text_kept(article, stranger):
    elsewhere = make_comment(make_article(), "Words of the other article.")
    answer = send_reply(stranger, article, TYPED, parent=elsewhere.pk)
    assert_refused(answer, GONE)
    assert "Words of the other article." not in answer.content.decode()


@pytest.mark.parametrize("state", UNREADABLE)
def test_reply_to_a_comment_that_is_not_visible_is_refused_and_the_text_kept(article, stranger, state):
    parent = make_comment(article, "Secret words.", name="Secret name", state=state)
    answer = send_reply(stranger, article, TYPED, parent=parent.pk)
    unknown = send_reply(stranger, article, TYPED, parent=parent.pk + 1)
    assert_refused(answer, GONE)
    assert "Secret" not in answer.content.decode()
    assert answer.content.replace(b"%d" % parent.pk, b"N") == unknown.content.replace(
        b"%d" % (parent.pk + 1), b"N"
    )


def test_reply_to_a_placeholder_of_the_archive_is_refused(article, stranger):
    lost, _below = load_comments(article, [None, 0])
    Comment.objects.filter(pk=lost.pk).update(kind=Kind.PLACEHOLDER, body_source="", body_html="")
    assert_refused(send_reply(stranger, article, TYPED, parent=lost.pk), GONE)


def test_after_a_parent_is_gone_the_form_can_be_sent_again_as_a_new_thread(article, stranger):
    gone = make_comment(article, state=State.REMOVED)
    form = assert_refused(send_reply(stranger, article, TYPED, parent=gone.pk), "start a new thread with it")
    assert stranger.post(f"{article.path}reply/", form).status_code == 303
    assert Comment.objects.get(name_shown="Vera").parent is None


def test_a_form_key_that_is_nonsense_is_no_dead_end(article, stranger):
    answer = send_reply(stranger, article, TYPED, form_key="k" * 33)
    if answer.status_code == 422:
        answer = stranger.post(f"{article.path}reply/", form_of(answer))
    assert answer.status_code == 303


def close_by_mode(article):
    article.mode = Mode.CLOSED


def close_by_hand(article):
    article.closed_at = timezone.now() - datetime.timedelta(minutes=1)


def close_by_policy(_article):
    SitePolicy.objects.create(pk=1, mode=Mode.CLOSED)


def close_by_age(article):
    SitePolicy.objects.create(pk=1, close_after_days=30)
    article.last_public_at = timezone.now() - datetime.timedelta(days=31)


@pytest.mark.parametrize("close", [close_by_mode, close_by_hand, close_by_policy, close_by_age])
def test_a_closed_discussion_is_said_to_be_closed_and_the_text_kept(article, stranger, close):
    close(article)
    article.save()
    assert_refused(send_reply(stranger, article, TYPED), "This discussion is closed")
    page = stranger.get(article.path).content.decode()
    assert "This discussion is closed" in page
    assert "<textarea" not in page


def test_a_discussion_that_closes_tomorrow_still_takes_replies(article, stranger):
    article.closed_at = timezone.now() + datetime.timedelta(days=1)
    article.save()
    assert send_reply(stranger, article).status_code == 303


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver.evil.example"},
    {"Origin": "https://testserver"},
    {"Origin": "http://testserver:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_reply_from_another_site_is_refused_and_the_text_kept(article, stranger, headers):
    answer = send_reply(stranger, article, TYPED, headers=headers)
    form = assert_refused(answer, "came from another site", status=403)
    assert stranger.post(f"{article.path}reply/", form).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_a_reply_from_our_own_pages_is_taken(article, stranger, headers):
    assert send_reply(stranger, article, headers=headers).status_code == 303


@pytest.fixture
def strict(ben) -> Client:
    """Ben in a browser where Django checks tokens as it does on the real site."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = ben.cookies
    return client


def test_signed_in_without_a_token_is_refused_and_the_text_and_a_token_given(article, strict):
    form = assert_refused(send_reply(strict, article, TYPED), "sign-in has changed", status=403)
    assert form["csrfmiddlewaretoken"]
    assert strict.post(f"{article.path}reply/", form).status_code == 303


def test_signed_in_with_the_token_of_the_page_is_taken(article, strict):
    form = form_of(strict.get(article.path))
    assert strict.post(f"{article.path}reply/", form | {"body": TYPED}).status_code == 303


def test_a_session_whose_account_was_switched_off_can_still_reply_as_a_guest(article, ben, strict):
    ben.user.is_active = False
    ben.user.save()
    answer = send_reply(strict, article, TYPED)
    if answer.status_code == 403:
        answer = strict.post(f"{article.path}reply/", form_of(answer))
    assert answer.status_code == 303


def test_a_session_that_has_ended_keeps_the_text_and_lets_it_be_sent(article, ben, strict):
    ben.session.flush()
    answer = send_reply(strict, article, TYPED)
    if answer.status_code == 403:
        assert answer.cookies["sessionid"]["max-age"] == 0
        del strict.cookies["sessionid"]
        answer = strict.post(f"{article.path}reply/", form_of(answer))
    assert answer.status_code == 303


def test_a_filled_trap_gets_the_same_answer_and_becomes_spam_by_the_system(article, stranger):
    answer = send_reply(stranger, article, TYPED, website="http://pills.example")
    reply = Comment.objects.get(name_shown="Vera")
    decision = Decision.objects.get(comment=reply)
    assert (answer.status_code, reply.state) == (303, State.SPAM)
    assert (decision.act, decision.actor, decision.reason_code) == (Act.SPAM, None, "honeypot")
    assert (decision.from_state, decision.to_state) == (State.HELD, State.SPAM)
    assert not reply.cases.filter(closed=None).exists()
    assert "both" not in Client().get(article.path).content.decode()


def test_who_fell_into_the_trap_is_not_told_that_a_moderator_decided(article, stranger):
    send_reply(stranger, article, TYPED, website="http://pills.example")
    assert "A moderator decided" not in stranger.get(article.path).content.decode()


def test_only_a_post_replies(article, stranger):
    assert stranger.get(f"{article.path}reply/").status_code in {302, 405}
    assert not Comment.objects.exists()
