"""Answering from the desk: approving and answering in one act, everything or nothing."""

import re
from html import unescape

import pytest
from django.test import Client

from forum.accounts.models import Author
from forum.mail.models import Letter
from forum.moderation import cases
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_people import CannedReply
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.archive import archived_comment
from tests.make import make_comment, send_reply
from tests.moderation.bans import WHY, ban
from tests.notifications.people import REPLIES, follows, guest, waiting

pytestmark = pytest.mark.django_db
TYPED = "Thank you.\n\nPlease ask your <doctor>."


@pytest.fixture
def asked(article) -> Comment:
    """A held question."""
    comment = make_comment(article, "What about my knee?", state="held")
    cases.open_case(comment, Case.Cause.NEW)
    return comment


def fields_of(client, comment: Comment, query: str = "") -> dict[str, str]:
    """The fields of the form of an answer, as a browser would send them back."""
    return form_of(client.get(f"/moderation/comments/{comment.pk}/answer/{query}"))


def form_of(answer) -> dict[str, str]:
    """The fields of the form in a page."""
    page = answer.content.decode()
    form = re.search(r'<form method="post" action="[^"]*/answer/".*?</form>', page, re.DOTALL)[0]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    fields["body"] = unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", form, re.DOTALL)[1])
    return fields


def send(client, comment: Comment, body: str = TYPED, **fields):
    """POST an answer as it would be sent from a form opened now."""
    values = {"body": body, "version": comment.version} | fields
    return client.post(f"/moderation/comments/{comment.pk}/answer/", values)


def assert_refused(answer, says: str, status: int, body: str = TYPED) -> dict[str, str]:
    """The form of a refusal, after making sure that nothing was done and that the words are there."""
    assert answer.status_code == status
    assert says in answer.content.decode()
    form = form_of(answer)
    assert form["body"].strip() == body.strip()
    assert not Comment.objects.filter(staff_badge=True).exists()
    return form


def test_a_held_comment_is_approved_and_answered_in_one_act(asked, mod, article, stranger):
    answer = send(mod, asked)
    approval, after = Decision.objects.get(), Comment.objects.get(pk=asked.pk)
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/")
    assert "Approved and answered: the comment by Ann." in mod.get("/moderation/").content.decode()
    assert (approval.act, approval.comment, approval.actor) == (Act.APPROVE, asked, mod.user)
    assert after.state == State.VISIBLE
    reply = Comment.objects.get(parent=asked)
    assert (reply.state, reply.staff_badge, reply.name_shown) == (State.VISIBLE, True, "mod")
    assert (reply.author.user, reply.body_source) == (mod.user, TYPED)
    assert reply.public_at is not None
    assert not Case.objects.filter(closed=None).exists()
    page = stranger.get(article.path).content.decode()
    assert "Please ask your &lt;doctor&gt;." in page
    assert "tag-staff" in page


def test_a_public_comment_is_answered_without_a_decision(article, mod):
    comment = make_comment(article, "What about my knee?")
    assert send(mod, comment, next="/moderation/?page=2")["Location"] == "/moderation/?page=2"
    assert Comment.objects.get(parent=comment).state == State.VISIBLE
    assert not Decision.objects.exists()
    assert "Answered: Ann." in mod.get("/moderation/").content.decode()


def test_archived_words_are_answered_too(article, mod):
    comment = archived_comment(article)
    assert send(mod, comment).status_code == 303
    assert Comment.objects.get(parent=comment).state == State.VISIBLE


def test_an_answer_is_told_to_who_wants_to_hear_of_answers(asked, mod, article):
    address = guest("Ann", "ann@mail.example")
    follows(address, REPLIES)
    Comment.objects.filter(pk=asked.pk).update(author=address.author)
    send(mod, asked)
    assert len(waiting("ann@mail.example")) == 2
    reply = Comment.objects.get(parent=asked)
    assert [letter.to for letter in Letter.objects.filter(about=f"comment-{reply.pk}")] == [address.email]


def test_the_form_sent_twice_is_one_answer_and_one_approval(asked, mod):
    fields = fields_of(mod, asked) | {"body": TYPED}
    for _again in range(2):
        answer = mod.post(f"/moderation/comments/{asked.pk}/answer/", fields)
        assert answer.status_code == 303
    assert (Comment.objects.filter(parent=asked).count(), Decision.objects.count()) == (1, 1)


def test_the_same_form_with_other_words_is_refused_and_goes_through_the_next_time(asked, mod):
    fields = fields_of(mod, asked)
    address = f"/moderation/comments/{asked.pk}/answer/"
    mod.post(address, fields | {"body": "First words."})
    answer = mod.post(address, fields | {"body": TYPED, "version": "2"})
    assert answer.status_code == 422
    assert "has been sent before with other words" in answer.content.decode()
    assert mod.post(address, form_of(answer)).status_code == 303
    assert Comment.objects.filter(parent=asked).count() == 2


@pytest.mark.parametrize("body", ["", " \n", "\u200b"])
def test_an_empty_answer_is_refused_and_approves_nothing(asked, mod, body):
    answer = send(mod, asked, body)
    assert answer.status_code == 422
    assert "the answer is still empty" in answer.content.decode()
    assert (Comment.objects.get().state, Decision.objects.count()) == (State.HELD, 0)


def test_an_answer_that_is_too_long_is_refused_and_kept(asked, mod):
    assert_refused(send(mod, asked, "x" * 20_001), "20,001 characters long", 422, "x" * 20_001)


@pytest.mark.parametrize("act", ["approve", "reject", "spam"])
def test_when_somebody_was_quicker_nothing_is_done_and_the_text_is_kept(asked, mod, boss, act):
    boss.post("/moderation/decide/", {"comment": asked.pk, "decision": act})
    form = assert_refused(send(mod, asked), "Somebody was quicker", 409)
    assert form["version"] == "2"
    assert Decision.objects.count() == 1


def test_after_somebody_quicker_approved_the_form_goes_through_when_sent_again(asked, mod, boss):
    boss.post("/moderation/decide/", {"comment": asked.pk, "decision": "approve"})
    form = assert_refused(send(mod, asked), "Somebody was quicker", 409)
    assert mod.post(f"/moderation/comments/{asked.pk}/answer/", form).status_code == 303
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("state", ["rejected", "spam", "removed", "withdrawn"])
def test_what_is_not_public_cannot_be_answered(article, mod, state):
    comment = make_comment(article, state=state)
    page = mod.get(f"/moderation/comments/{comment.pk}/answer/").content.decode()
    assert "it has to be restored first" in page
    assert "<textarea" not in page
    assert_refused(send(mod, comment), "it has to be restored first", 409)


def test_what_has_no_words_or_no_readers_cannot_be_answered(asked, mod, article):
    type(article).objects.filter(pk=article.pk).update(state="hidden")
    assert_refused(send(mod, asked), "nobody could read the answer", 409)
    Comment.objects.filter(pk=asked.pk).update(kind=Kind.PINGBACK)
    assert_refused(send(mod, asked), "no words that could be answered", 409)
    assert Comment.objects.get().state == State.HELD


def test_in_a_closed_discussion_nothing_is_approved_either(asked, mod):
    SitePolicy.objects.create(pk=1, mode=Mode.CLOSED)
    assert_refused(send(mod, asked), "This discussion is closed", 422)
    assert (Comment.objects.get().state, Decision.objects.count()) == (State.HELD, 0)
    assert Case.objects.filter(closed=None).count() == 1


def test_a_moderator_whom_an_admin_has_banned_does_not_answer(asked, mod, boss):
    ban(boss, Author.objects.get(user=mod.user))
    assert_refused(send(mod, asked), WHY, 403)
    assert Comment.objects.get().state == State.HELD


def test_undoing_the_approval_leaves_the_answer_under_a_placeholder_as_the_page_says(
    asked, mod, article, stranger
):
    page = mod.get(f"/moderation/comments/{asked.pk}/answer/").content.decode()
    assert "If that is undone later, your answer stays" in page
    send(mod, asked)
    assert mod.post("/moderation/undo/", {"id": Decision.objects.get().pk}).status_code == 303
    page = stranger.get(article.path).content.decode()
    assert "What about my knee?" not in page
    assert page.index("A comment stood here.") < page.index("Thank you.")


def test_a_canned_reply_fills_the_text_with_names_and_changes_nothing(asked, mod, article):
    CannedReply.objects.all().delete()
    text = "Dear {name},\n\nsee {article} at {site}."
    found = CannedReply.objects.create(title="See there", text=text)
    CannedReply.objects.create(title="Not offered", text="Hidden.", active=False)
    Comment.objects.filter(pk=asked.pk).update(name_shown="Ann <i>{site}</i>")
    answer = mod.get(f"/moderation/comments/{asked.pk}/answer/?canned={found.pk}")
    assert form_of(answer)["body"] == f"Dear Ann <i>{{site}}</i>,\n\nsee {article.title} at Afterword."
    page = answer.content.decode()
    assert f'<option value="{found.pk}" selected>See there</option>' in page
    assert "Not offered" not in page
    assert (Comment.objects.get().version, Decision.objects.count()) == (asked.version, 0)


@pytest.mark.parametrize("canned", ["", "nonsense", "0", "9" * 30])
def test_a_canned_reply_that_is_not_there_leaves_the_text_empty(asked, mod, canned):
    assert fields_of(mod, asked, f"?canned={canned}")["body"] == ""


def test_the_page_shows_the_comment_what_it_answers_and_its_article_and_leads_back(article, mod):
    first = make_comment(article, "Words before.", name="Vera")
    comment = make_comment(article, "What about my knee?", parent=first, state="held")
    address = f"/moderation/comments/{comment.pk}/answer/"
    page = mod.get(f"{address}?next=/moderation/%3Fpage%3D2").content.decode()
    for words in ("Words before.", "What about my knee?", article.title, "signed <bdi>mod</bdi>"):
        assert words in page
    assert 'name="next" value="/moderation/?page=2"' in page
    assert "evil" not in mod.get(f"{address}?next=https://evil.example/").content.decode()


def test_strangers_readers_and_the_author_do_not_answer_from_the_desk(asked, stranger, ben, article):
    author = Client()
    send_reply(author, article, "Mine.")
    own = Comment.objects.get(body_source="Mine.")
    for client, status in ((stranger, 302), (author, 302), (ben, 404)):
        for comment in (asked, own):
            assert client.get(f"/moderation/comments/{comment.pk}/answer/").status_code == status
            assert send(client, comment).status_code == status
    assert not Comment.objects.filter(body_source=TYPED).exists()
    assert not Decision.objects.exists()


def test_an_answer_to_nothing_is_404(mod, article):
    assert mod.get("/moderation/comments/99/answer/").status_code == 404
    assert mod.post("/moderation/comments/99/answer/", {"body": TYPED}).status_code == 404


def test_control_a_moderators_reply_on_the_public_page_still_goes_through_the_rules(article, mod):
    send_reply(mod, article, TYPED, name="mod")
    assert Comment.objects.get().state == State.HELD
