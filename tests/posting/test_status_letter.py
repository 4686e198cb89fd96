"""Letters that say that there is a decision, and their link, which fails closed in every way (case X2)."""

import datetime
import re
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forum.accounts import links
from forum.accounts.models import Address, Author, UsedLink
from forum.accounts.viewer import OWN_COOKIE
from forum.mail import sender
from forum.moderation import bulk, decisions
from forum.moderation.decisions import Grounds
from forum.notifications import notices_status
from forum.threads.models import Comment
from tests.make import load_comments, make_comment, make_user
from tests.moderation.desk import hold
from tests.notifications.people import member, waiting
from tests.posting.own import change, object_to, page, proved, public, site, waits

pytestmark = pytest.mark.django_db
WHY = Grounds(reason="We keep this place free of advertising.")
LINK = re.compile(r"\S*/status/[\w:-]+/")


def link_in(letter) -> str:
    """The path of the link in a letter."""
    return urlsplit(LINK.search(letter.text)[0]).path


@pytest.fixture
def told(article, mod):
    """A reply of a guest with a proved address that was rejected, and the path of the letter's link."""
    site()
    comment = hold(article, "Canary words.", author=proved(), name="Canary Vera")
    decisions.decide("reject", comment.pk, mod.user, grounds=WHY)
    (letter,) = waiting("vera@guest.example")
    return comment, letter


def knows(client, comment) -> bool:
    """Whether a browser is known as the author's."""
    return client.get(f"/comments/{comment.pk}/status/").status_code == 200


def test_figure_w2_the_letter_says_the_reason_and_no_word_of_the_comment(told, article, mod):
    comment, letter = told
    assert "A moderator decided not to publish it." in letter.text
    assert WHY.reason in letter.text
    for hidden in ("Canary", article.title, mod.user.email, str(comment.pk)):
        assert hidden not in letter.subject + LINK.sub("", letter.text)
    assert letter.about == f"status-{comment.pk}"
    assert sender.once(sender.Stop()).sent == 0  # not within the undo window


@pytest.mark.parametrize("act", ["reject", "spam", "remove"])
def test_each_refusal_is_told_and_taken_back_with_the_decision(article, mod, act):
    comment, _vera = public(article, author=proved()) if act == "remove" else waits(article, author=proved())
    decision = decisions.decide(act, comment.pk, mod.user)
    assert [letter.about for letter in waiting()] == [f"status-{comment.pk}"]
    mod.post("/moderation/undo/", {"id": decision.pk})
    assert waiting() == []
    decisions.decide(act, comment.pk, mod.user)
    assert len(waiting()) == 1
    decisions.decide("restore", comment.pk, mod.user)
    assert waiting() == []


def test_an_account_is_told_at_its_proved_address(article, ben, mod):
    decisions.decide("reject", hold(article, author=ben.user.author).pk, mod.user)
    assert [letter.to for letter in waiting()] == ["ben@example.org"]
    assert member(ben.user).email == "ben@example.org"


def test_archived_words_tell_the_account_that_has_claimed_them(article, ben, mod):
    (row,) = load_comments(article, [None])
    person = Author.objects.create(kind=Author.Kind.ARCHIVED, name="Vasilis", claimed_by=ben.user)
    Comment.objects.filter(pk=row.pk).update(author=person)
    decisions.decide("remove", row.pk, mod.user)
    (letter,) = waiting()
    assert letter.to == "ben@example.org"
    assert f"/comments/{row.pk}/status/" in letter.text


def test_nobody_is_told_who_has_proved_nothing_or_decided_about_themselves(article, mod):
    typed = Author.objects.create(kind=Author.Kind.GUEST, name="Vera")
    Address.objects.create(author=typed, email="vera@guest.example")
    for comment in (
        hold(article, author=typed, email="vera@guest.example"),
        hold(article),
        hold(article, author=mod.user.author),
    ):
        decisions.decide("reject", comment.pk, mod.user)
    assert waiting() == []


def test_what_the_site_does_by_itself_is_told_to_nobody(article):
    comment, _vera = waits(article, author=proved())
    decisions.decide("spam", comment.pk, None, grounds=Grounds(reason_code="honeypot"))
    assert waiting() == []


def test_an_edit_that_is_declined_and_an_answer_are_told(article, mod, boss):
    site()
    comment, vera = public(article, author=proved())
    change(vera, comment, "Second words.")
    version = Comment.objects.get().version
    values = {"comment": comment.pk, "version": version, "edit": 2, "reason": "Clearer."}
    mod.post("/moderation/edits/decide/", values | {"decision": "decline"})
    (letter,) = waiting()
    assert "keep the words that stood there before your change" in " ".join(letter.text.split())
    assert "Clearer." in letter.text
    object_to(vera, comment)
    number = comment.decisions.latest("pk").appeal.pk
    version = Comment.objects.get().version
    said = {"appeal": number, "version": version, "decision": "uphold", "answer": "It is clearer indeed."}
    boss.post("/moderation/appeals/answer/", said)
    (letter,) = waiting()
    assert "the decision stands" in " ".join(letter.text.split())
    assert "It is clearer indeed." in letter.text
    boss.post("/moderation/undo/", {"id": comment.decisions.latest("pk").pk})
    assert waiting() == []


def test_telling_many_takes_as_many_statements_as_telling_few(article, mod):
    def statements(count: int) -> int:
        rows = [hold(article, author=proved(f"Guest{count}x{n}")) for n in range(count)]
        with CaptureQueriesContext(connection) as done:
            bulk.run(bulk.start("reject", {row.pk: row.version for row in rows}, mod.user))
        return len(done)

    assert statements(2) == statements(12)
    assert len(waiting()) == 14


def test_the_page_shows_nothing_of_the_comment_and_its_button_leads_to_it_once(told, article):
    comment, letter = told
    client, path = Client(), link_in(letter)
    answer = client.get(path)
    text = answer.content.decode()
    assert answer.status_code == 200
    for hidden in ("Canary", article.title, WHY.reason, str(comment.pk)):
        assert hidden not in text
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("strict-origin", "noindex")
    assert not answer.cookies
    assert not UsedLink.objects.exists()
    assert not knows(client, comment)
    pressed = client.post(path)
    assert (pressed.status_code, pressed["Location"]) == (303, f"/comments/{comment.pk}/status/")
    assert WHY.reason in page(client, comment)
    other = Client()
    for method in (other.get, other.post):
        again = method(path)
        assert again.status_code == 410
        assert not again.cookies
    assert not knows(other, comment)


def test_the_letter_of_the_next_decision_opens_it_again(told, mod):
    comment, letter = told
    Client().post(link_in(letter))
    decisions.decide("restore", comment.pk, mod.user)
    decisions.decide("remove", comment.pk, mod.user)
    (second,) = waiting()
    client = Client()
    assert client.post(link_in(second)).status_code == 303
    assert knows(client, comment)


def test_the_link_keeps_what_the_browser_knew(told, article):
    comment, letter = told
    mine = make_comment(article)
    client = Client()
    client.cookies[OWN_COOKIE] = mine.own_key
    client.post(link_in(letter))
    assert knows(client, comment)
    assert knows(client, mine)


def wrong_tokens(comment: Comment, letter) -> dict[str, str]:
    """Tokens that open nothing, by what is wrong with them."""
    token = link_in(letter).split("/")[-2]
    what, who, version = signing.loads(token, salt="afterword.link.status")
    other = hold(comment.article, author=proved("Other"))
    foreign = notices_status.token_of(other, 1).split(":")

    def made(kind: str = "status", **said) -> str:
        return links.make(kind, **({"what": what, "who": who, "version": version} | said))

    decision = version.partition(".")[0]
    return {
        "changed": token[:-1] + ("A" if token[-1] != "A" else "B"),
        "cut": token[:-10],
        "joined": ":".join([token.split(":")[0], *foreign[1:]]),
        "of another kind": made("address"),
        "of another comment": made(what=other.pk),
        "of another author": made(who=other.author_id),
        "of another key": made(version=f"{decision}.{'0' * 32}"),
        "without a key": made(version=f"{decision}."),
        "of no comment": made(what=comment.pk + 1000),
        "of no number": made(what="x" * 30),
        "of a huge number": made(what="9" * 30),
        "nonsense": "a:b:c",
    }


def test_case_x2_whatever_is_wrong_with_a_link_nothing_changes(told, ben):
    comment, letter = told
    for what, token in wrong_tokens(comment, letter).items():
        for client in (Client(), ben):
            for method in (client.get, client.post):
                answer = method(f"/status/{token}/")
                assert answer.status_code == 410, what
                assert OWN_COOKIE not in answer.cookies, what
            assert not knows(client, comment), what
    assert not UsedLink.objects.exists()


def test_case_x2_a_link_is_over_after_seven_days_and_with_its_key_or_author(told, monkeypatch):
    comment, letter = told
    path = link_in(letter)
    monkeypatch.setattr(links, "LIFE", datetime.timedelta(0))
    assert Client().post(path).status_code == 410
    monkeypatch.undo()
    stranger_, key = Author.objects.create(kind=Author.Kind.GUEST, name="Kim"), comment.own_key
    for change_ in ({"own_key": "x" * 22}, {"own_key": None}, {"author": stranger_}):
        Comment.objects.filter(pk=comment.pk).update(**({"own_key": key, "author": comment.author} | change_))
        assert Client().post(path).status_code == 410
    Comment.objects.filter(pk=comment.pk).update(own_key=key, author=comment.author)
    foreign = Client().post(path, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert OWN_COOKIE not in foreign.cookies
    assert Client().post(path).status_code == 303  # control: it is the same link all along


def test_figure_m1_scanners_that_follow_the_link_change_nothing(told):
    _comment, letter = told
    for _n in range(20):
        assert Client().get(link_in(letter)).status_code == 200
        assert Client().head(link_in(letter)).status_code == 200
    assert not UsedLink.objects.exists()


def test_an_account_that_is_switched_off_hears_nothing(article, mod):
    user = make_user("kim")
    user.is_active = False
    user.save()
    decisions.decide("reject", hold(article, author=user.author).pk, mod.user)
    assert waiting() == []
