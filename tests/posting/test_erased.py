"""Live words that were erased, or lost their name, at somebody's request: what their author still finds."""

import pytest
from django.apps import apps
from django.test import Client

from forum.accounts.models import Address, Author
from forum.accounts.viewer import Viewer
from forum.mail.models import Letter
from forum.moderation import decisions, takedowns, takedowns_answer
from forum.moderation.takedowns_answer import Answer, NotPossibleError
from forum.site.models import Mode
from forum.threads.models import Comment
from tests.archive import archived_comment, archived_person
from tests.make import make_comment
from tests.notifications.people import waiting
from tests.posting.own import again, browser_of, change, page, post, proved, public, site, waits
from tests.posting.test_status_letter import LINK, link_in

pytestmark = pytest.mark.django_db
WORDS = "Zanzibarquux words."


def answered(comment: Comment, actor, outcome: str = "erased") -> None:
    """A request about a comment that somebody made and a moderator grants."""
    request = takedowns.ask(takedowns.Asked("erase", comment=comment.pk))
    takedowns_answer.answer(request.pk, Answer(outcome), actor)


def found(word: str) -> int:
    """In how many rows of the database a word stands."""
    rows = (str(row) for model in apps.get_models() for row in model._base_manager.values_list())
    return sum(word in row for row in rows)


def by(author: Author, article, state: str, client: Client) -> tuple[Comment, Client]:
    """Words of an account, which it finds without a cookie."""
    made = make_comment(article, WORDS, author=author, name="Canaria", state=state)
    return made, client


@pytest.mark.parametrize("state", ["held", "visible", "rejected"])
@pytest.mark.parametrize("who", ["account", "guest", "proved guest"])
def test_the_author_alone_is_told_that_it_was_erased_and_nothing_is_left(
    article, ben, mod, boss, stranger, who, state
):
    site(Mode.OPEN)
    if who == "account":
        comment, client = by(ben.user.author, article, state, ben)
    else:
        author = Author.objects.create(kind="guest", name="Canaria") if who == "guest" else proved("Vera")
        comment = make_comment(article, WORDS, author=author, name="Canaria", state=state, ip="203.0.113.9")
        client = browser_of(comment)
    make_comment(article, "An answer.")
    answered(comment, mod.user)
    for word in ("Zanzibarquux", "Canaria", "203.0.113.9"):
        assert found(word) == 0
    assert again(comment).author == (ben.user.author if who == "account" else None)
    text = page(client, comment)
    for said in ("Erased", "Erased on", "Somebody asked for it", "Nobody. The words are gone."):
        assert said in text
    for what in ("change", "withdraw", "appeal"):
        assert f"/comments/{comment.pk}/{what}/" not in text
    for other in (stranger, boss, browser_of(make_comment(article))):
        assert other.get(f"/comments/{comment.pk}/status/").status_code == 404
    refused = change(client, comment, "Once more.")
    assert refused.status_code == 409
    assert "It has been erased, so there is nothing to change." in refused.content.decode()
    assert post(client, comment, "withdraw").status_code == 409
    assert again(comment).body_source == ""


@pytest.mark.parametrize("state", ["held", "visible"])
def test_in_the_discussion_nothing_shows_to_its_author_that_nobody_else_sees(article, ben, mod, state):
    comment, _ben = by(ben.user.author, article, state, ben)
    answered(comment, mod.user)
    for client in (ben, browser_of(comment), Client()):
        text = client.get(article.path).content.decode()
        assert "A comment stood here." not in text
        assert f"comment-{comment.pk}" not in text
    readers = (Viewer(), Viewer(user_id=ben.user.pk), Viewer(own_keys=(comment.own_key,)))
    assert not any(Comment.objects.readable_by(who).filter(pk=comment.pk).exists() for who in readers)


def test_the_desk_does_not_show_whose_erased_words_were(article, ben, mod):
    comment, _ben = by(ben.user.author, article, "visible", ben)
    other = make_comment(article, "Other words.", author=ben.user.author, name="ben")
    answered(comment, mod.user)
    person = f"/moderation/people/{ben.user.author.pk}/"
    assert person not in mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert person in mod.get(f"/moderation/comments/{other.pk}/").content.decode()  # the control
    text = mod.get(person).content.decode()
    assert f"/moderation/comments/{comment.pk}/" not in text
    assert f"/moderation/comments/{other.pk}/" in text


def test_one_letter_says_so_in_one_sentence_and_its_link_leads_to_the_page(article, mod):
    comment, _vera = waits(article, WORDS, author=proved())
    decisions.decide("reject", comment.pk, mod.user)
    answered(comment, mod.user)
    (letter,) = waiting()
    assert (letter.to, letter.about) == ("vera@guest.example", f"status-{comment.pk}")
    text = " ".join(letter.text.split())
    assert "It has been erased after a request, and nothing of it is left." in text
    for missing in ("object", "under your words", "Zanzibarquux", article.title):
        assert missing not in text
    assert str(comment.pk) not in LINK.sub("", letter.text)
    client = Client()
    assert client.post(link_in(letter)).status_code == 303
    assert "Somebody asked for it" in page(client, comment)


def test_nobody_is_written_to_who_proved_nothing_or_erased_their_own_or_is_of_the_archive(article, ben, mod):
    answered(public(article)[0], mod.user)
    answered(make_comment(article, author=mod.user.author), mod.user)
    person = archived_person("Vasilis")
    Author.objects.filter(pk=person.pk).update(claimed_by=ben.user)
    row = archived_comment(article, person)
    answered(row, mod.user)
    assert not Letter.objects.exists()
    assert again(row).author is None
    answered(make_comment(article, author=ben.user.author), mod.user)
    assert [letter.to for letter in waiting()] == ["ben@example.org"]  # the control


def test_without_their_name_live_words_stay_their_authors(article, ben, mod, stranger):
    site(Mode.OPEN)
    comment, _ben = by(ben.user.author, article, "visible", ben)
    answered(comment, mod.user, "unnamed")
    assert (again(comment).author, again(comment).name_shown) == (ben.user.author, "")
    assert found("Canaria") == 0
    text = stranger.get(article.path).content.decode()
    assert "unnamed reader" in text
    assert "/people/" not in text
    assert change(ben, comment, "Kinder words.").status_code == 303
    assert again(comment).body_source == "Kinder words."
    assert post(ben, comment, "withdraw").status_code == 303
    assert again(comment).state == "withdrawn"
    with pytest.raises(NotPossibleError):
        answered(comment, mod.user, "unnamed")


def test_a_guest_without_a_signed_word_has_no_name_left_and_no_page(article, mod, stranger):
    author = Author.objects.create(kind="guest", name="Canaria")
    Address.objects.create(author=author, email="canaria@x.example")
    one, two = (make_comment(article, f"Words {n}.", author=author, name="Canaria") for n in range(2))
    answered(one, mod.user, "unnamed")
    assert Author.objects.get(pk=author.pk).name == "Canaria"  # other words are signed with it
    answered(two, mod.user, "unnamed")
    assert found("Canaria") == found("canaria@x.example") == 0
    assert "/people/" not in stranger.get(article.path).content.decode()
    assert stranger.get(f"/people/{author.pk}/").status_code == 404
    assert "Words 0." in page(browser_of(one), one)
