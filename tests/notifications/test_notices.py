"""Who is told of a comment that becomes public, what the letter says, and who is not told."""

import pytest

from forum.accounts.models import Mute
from forum.mail.models import Letter
from forum.mail.queries import OPEN
from forum.notifications import notices
from forum.notifications.models import Subscription
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from tests.make import load_comments, make_article, make_comment, make_user, send_reply
from tests.notifications.people import (
    ARTICLE,
    REPLIES,
    THREAD,
    decide,
    follows,
    guest,
    held,
    links_in,
    member,
    undo,
    waiting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _named(settings):
    settings.SITE_URL = "https://afterword.example"


def told() -> list[str]:
    """The addresses to which letters wait."""
    return sorted(letter.to for letter in waiting())


def test_a_held_comment_tells_nobody_until_it_is_approved(article, mod):
    vera = guest()
    follows(vera, on=article)
    comment = held(article)
    assert told() == []
    decide(mod, "approve", comment)
    assert told() == [vera.email]


@pytest.mark.parametrize("act", ["reject", "spam"])
def test_a_comment_that_is_not_let_through_tells_nobody_but_its_author(article, mod, act):
    ann = make_user("ann")
    follows(member(ann), REPLIES)
    follows(guest(), on=article)
    comment = decide(mod, act, held(article, author=ann.author)).comment
    assert [letter.about for letter in waiting()] == [f"status-{comment.pk}"]


def test_a_comment_that_is_public_at_once_tells_at_once(article, stranger):
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN)
    vera = guest()
    follows(vera, on=article)
    send_reply(stranger, article, name="Kim")
    assert told() == [vera.email]


def test_each_scope_hears_of_its_own_and_of_nothing_else(article, mod):
    root = make_comment(article, "A root.", author=guest("Rosa").author)
    child = make_comment(article, "A child.", parent=root, author=guest("Carl").author)
    other = make_comment(article, "Another root.")
    elsewhere = make_article()
    people = {name: guest(name) for name in ("Of_article", "Of_thread", "Of_other", "Of_elsewhere")}
    follows(people["Of_article"], ARTICLE, article)
    follows(people["Of_thread"], THREAD, root)
    follows(people["Of_other"], THREAD, other)
    follows(people["Of_elsewhere"], ARTICLE, elsewhere)
    for author in (root.author, child.author):
        follows(author.addresses.get(), REPLIES)
    decide(mod, "approve", held(article, parent=child))
    assert told() == ["carl@guest.example", "of_article@guest.example", "of_thread@guest.example"]


def test_one_letter_for_an_address_however_many_of_its_wishes_fit(article, mod):
    vera = guest()
    root = make_comment(article, "My root.", author=vera.author)
    for scope, on in ((ARTICLE, article), (THREAD, root), (REPLIES, None)):
        follows(vera, scope, on)
    decide(mod, "approve", held(article, parent=root))
    assert told() == [vera.email]


def test_nobody_is_told_of_their_own_words(article, mod):
    vera = guest()
    follows(vera, on=article)
    decide(mod, "approve", held(article, author=vera.author))
    assert told() == []


def test_wishes_that_wait_or_have_ended_and_addresses_without_proof_get_nothing(article, mod):
    follows(guest("Waits"), on=article, confirmed_at=None)
    ended = follows(guest("Ended"), on=article)
    Subscription.objects.filter(pk=ended.pk).update(ended_at=ended.confirmed_at)
    unproven = guest("Unproven")
    follows(unproven, on=article)
    unproven.verified_at = None
    unproven.save()
    off = make_user("off")
    follows(member(off), on=article)
    off.is_active = False
    off.save()
    daily = follows(guest("Daily"), on=article, pace="daily")
    decide(mod, "approve", held(article))
    assert told() == []
    assert daily.is_active


def test_whoever_has_muted_the_author_is_not_told_and_others_are(article, mod):
    ann, ben = make_user("ann"), make_user("benno")
    writer = guest("Writer")
    for user in (ann, ben):
        follows(member(user), on=article)
    Mute.objects.create(owner=ann, author=writer.author)
    decide(mod, "approve", held(article, author=writer.author, name="Writer"))
    assert told() == ["benno@example.org"]


def test_an_answer_to_archived_words_tells_whoever_has_claimed_them(article, mod):
    (old,) = load_comments(article, [None])
    ann = make_user("ann")
    archived = guest("Old").author
    archived.addresses.all().delete()
    archived.kind, archived.claimed_by = "archived", ann
    archived.save()
    Comment.objects.filter(pk=old.pk).update(author=archived)
    follows(member(ann), REPLIES)
    decide(mod, "approve", held(article, parent=old))
    assert told() == ["ann@example.org"]


def test_imported_words_tell_nobody(article):
    follows(guest(), on=article)
    load_comments(article, [None, 0])
    assert not Letter.objects.exists()


def test_a_comment_in_a_hidden_article_tells_nobody(article, mod):
    follows(guest(), on=article)
    comment = held(article)
    article.state = article.State.HIDDEN
    article.save()
    decide(mod, "approve", comment)
    assert told() == []


def test_the_author_hears_of_the_approval_when_they_asked_for_answers(article, mod):
    vera = guest()
    follows(vera, REPLIES)
    comment = held(article, author=vera.author)
    decide(mod, "approve", comment)
    (letter,) = waiting()
    assert (letter.to, letter.about) == (vera.email, f"comment-{comment.pk}")
    assert letter.subject == f"Your reply is published: {article.title}"
    assert f"https://afterword.example/comments/{comment.pk}/" in letter.text


def test_the_letter_says_who_wrote_what_in_answer_to_what_and_where(article, mod):
    vera = guest()
    root = make_comment(article, "What helps with stairs?", author=vera.author, name="Vera")
    follows(vera, REPLIES)
    comment = held(article, "A rail.\n\nOr two of them.", parent=root, name="Kim", email="kim@secret.example")
    decide(mod, "approve", comment)
    (letter,) = waiting()
    assert letter.subject == f"Kim has answered you: {article.title}"
    assert "> A rail.\n>\n> Or two of them." in letter.text
    assert "You had written:\n\n> What helps with stairs?" in letter.text
    assert f"\nhttps://afterword.example/comments/{comment.pk}/\n" in letter.text
    assert "secret" not in letter.text
    assert "@" not in letter.text
    assert letter.not_before > letter.written_at
    url = letter.headers["List-Unsubscribe"][1:-1]
    assert letter.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert url.startswith("https://afterword.example/following/end/")
    assert url.removeprefix("https://afterword.example") in links_in(letter)


def test_what_is_answered_is_not_quoted_when_it_is_not_public(article, mod):
    follows(guest(), on=article)
    root = make_comment(article, "Secret canary.", author=guest("Rosa").author)
    comment = held(article, parent=root)
    decide(mod, "remove", root)
    decide(mod, "approve", comment)
    (letter,) = waiting("vera@guest.example")
    assert "canary" not in letter.text
    assert "Fresh words." in letter.text


def test_figure_m2_a_name_cannot_add_a_header_or_another_address(article, mod):
    follows(guest(), on=article)
    wild = "Eve\r\nBcc: all@example.org\x00\u2028Subject: x\u202e"
    decide(mod, "approve", held(article, "Words.\r\n.\r\nBcc: x", name=wild[:80].replace("\x00", "")))
    (letter,) = waiting()
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject + letter.text
    assert set(letter.headers) == {"List-Unsubscribe", "List-Unsubscribe-Post"}


def test_an_address_that_no_letter_can_go_to_does_not_keep_others_from_hearing(article, mod):
    follows(guest("Bad", "bad@guest.example\r\nBcc: x@y.example"), on=article)
    good = guest("Good")
    follows(good, on=article)
    decide(mod, "approve", held(article))
    assert told() == [good.email]


def test_nobody_is_told_twice_of_one_comment(article, mod):
    follows(guest(), on=article)
    comment = held(article)
    decide(mod, "approve", comment)
    assert Letter.objects.update(sent_at=waiting()[0].written_at) == 1
    decide(mod, "remove", comment)
    decide(mod, "restore", comment)
    assert Letter.objects.count() == 1


def test_a_comment_that_is_let_through_again_after_an_undo_is_told_of(article, mod):
    follows(guest(), on=article)
    comment = held(article)
    for _turn in range(2):
        undo(mod, decide(mod, "approve", comment))
        assert told() == []
    decide(mod, "approve", comment)
    assert len(told()) == 1
    assert Letter.objects.exclude(OPEN).count() == 2


def test_the_number_of_statements_does_not_grow_with_those_who_follow(
    article, django_assert_max_num_queries, django_assert_num_queries
):
    def followers(count: int) -> None:
        for n in range(count):
            follows(guest(f"Fan{Subscription.objects.count()}-{n}"), on=article)

    parent = make_comment(article, author=guest("Rosa").author)
    for count in (1, 39):
        followers(count)
        comment = make_comment(article, parent=parent)
        with django_assert_num_queries(4):
            notices.published(comment.pk)
    assert Letter.objects.count() == 1 + 40
