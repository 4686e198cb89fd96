"""Nothing about a comment that is no longer public leaves the outbox (figure LK1, against a real server)."""

import pytest

from forum.mail import sender
from forum.mail.models import Letter
from forum.moderation import decisions
from forum.notifications import digests, notices
from forum.notifications.models import Subscription
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.mail.conftest import post as post_office
from tests.mail.post_office import Clock, send
from tests.make import load_comments, make_article, make_comment, send_reply
from tests.notifications.people import REPLIES, decide, follows, guest, held, undo, waiting

pytestmark = pytest.mark.django_db(transaction=True)
post = post_office
post = post_office
CANARY = "canary-in-the-words"


def delivered(post) -> str:
    """Everything that the mail server gets when an hour has passed."""
    clock = Clock()
    clock.wait(hours=1)
    send(clock)
    return "\n".join(letter.message.get_content() for letter in post.received)


@pytest.fixture
def follower(article):
    """Somebody who follows the article."""
    follows(guest("Fan"), on=article)


@pytest.mark.parametrize("act", ["undo", "remove", "spam"])
def test_canary_of_a_decision_that_is_taken_back_in_time_nothing_arrives(article, follower, mod, post, act):
    comment = held(article, CANARY)
    done = decide(mod, "approve", comment)
    if act == "undo":
        undo(mod, done)
    else:
        decide(mod, act, comment)
    assert delivered(post) == ""


def test_control_without_the_taking_back_it_arrives(article, follower, mod, post, monkeypatch):
    monkeypatch.setattr(notices, "all_taken_back", lambda numbers: None)
    undo(mod, decide(mod, "approve", held(article, CANARY)))
    assert CANARY in delivered(post)


def test_control_what_stays_public_arrives_after_the_window_and_not_before(article, follower, mod, post):
    decide(mod, "approve", held(article, CANARY))
    assert sender.once(sender.Stop()).sent == 0
    assert CANARY in delivered(post)


def test_a_letter_that_quotes_what_is_removed_leaves_without_it(article, mod, post):
    vera = guest()
    root = make_comment(article, CANARY, author=vera.author)
    follows(guest("Fan"), on=article)
    follows(vera, REPLIES)
    decide(mod, "approve", held(article, "An answer.", parent=root))
    assert sum(CANARY in letter.text for letter in waiting()) == 2
    decide(mod, "remove", root)
    words = delivered(post)
    assert CANARY not in words
    assert "An answer." in words


def test_a_hidden_article_takes_every_letter_with_it(article, follower, mod, post):
    decide(mod, "approve", held(article, CANARY))
    article.state = article.State.HIDDEN
    article.save()
    notices.article_taken_back(article.pk)
    assert delivered(post) == ""


def test_letters_about_other_comments_stay(article, follower, mod, post):
    decide(mod, "approve", held(article, "Other words."))
    undo(mod, decide(mod, "approve", held(article, CANARY)))
    words = delivered(post)
    assert "Other words." in words
    assert CANARY not in words


def test_a_digest_that_lists_what_is_removed_is_given_up_and_its_rest_comes_later(
    article, mod, post, settings
):
    settings.UNDO_WINDOW *= 0
    follows(guest("Daily"), on=article, pace="daily")
    gone, stays = make_comment(article, CANARY), make_comment(article, "Stays.")
    assert digests.write_digests() == 1
    decide(mod, "remove", gone)
    assert waiting() == []
    assert digests.write_digests() == 1
    words = delivered(post)
    assert CANARY not in words
    assert stays.body_source in words


def test_a_reply_that_is_public_at_once_can_be_removed_in_time(article, follower, mod, stranger, post):
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN)
    send_reply(stranger, article, CANARY)
    assert len(waiting()) == 1
    decide(mod, "remove", Comment.objects.get())
    assert Letter.objects.get().state == "cancelled"
    assert delivered(post) == ""


def test_what_is_old_or_archived_tells_nobody_when_a_removal_is_taken_back(article, mod):
    old = make_comment(article, "Said long ago.")
    (archived,) = load_comments(make_article(), [None])
    wanting = guest()
    follows(wanting, on=article)
    follows(wanting, on=archived.article)
    for comment in (old, archived):
        decision = decisions.decide("remove", comment.pk, mod.user)
        decisions.undo_some([decision.pk], mod.user)
    assert not Letter.objects.unsent().exists()
    assert Subscription.objects.count() == 2


def test_control_what_is_said_after_somebody_asked_is_told(article, mod):
    follows(guest(), on=article)
    comment = make_comment(article, "Said now.", state="held")
    decisions.decide("approve", comment.pk, mod.user)
    assert Letter.objects.unsent().count() == 1
