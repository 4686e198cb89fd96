"""All that a decision needs in one view: on the card in the queue, and on the page of one comment."""

import datetime
import re

import pytest
from django.utils import timezone

from forum.accounts.models import Address, Author
from forum.moderation import cards, rules
from forum.moderation.models import Case
from forum.moderation.models_people import Ban, Note, Reason
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_comment, make_user
from tests.moderation.desk import desk, hold, make_guest

pytestmark = pytest.mark.django_db


def detail(client, comment) -> str:
    """The page of one comment."""
    return desk(client, f"/moderation/comments/{comment.pk}/")


@pytest.fixture(params=["queue", "comment"])
def seen(request, mod):
    """How a moderator reads a card: in the queue, or on its own page."""
    if request.param == "queue":
        return lambda comment: desk(mod)
    return lambda comment: detail(mod, comment)


def test_what_a_rule_matched_is_marked_in_the_text_and_named(article, seen):
    comment = hold(article, "See https://a.example/x?b=1&c=2 <3\n\nand www.b.example too.")
    page = seen(comment)
    assert '<mark title="A link">https://a.example/x?b=1&c=2</mark> <3' in page
    assert '<mark title="A link">www.b.example</mark> too.' in page
    assert re.search(r"A link:\s*<mark[^>]*>https://a.example/x\?b=1&c=2</mark>,\s*<mark[^>]*>www", page)
    assert "Every reply is held" in page
    assert "Nothing of theirs is published yet" in page


def test_marked_text_stays_text(article, mod):
    comment = hold(article, "<script>alert(1)</script> https://a.example/<b>")
    page = mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_text_without_matches_is_shown_as_it_will_be_published(article, mod):
    comment = hold(article, "One.\n\n* a\n* b")
    assert comment.body_html in mod.get("/moderation/").content.decode()


def test_a_match_that_the_text_does_not_hold_any_more_is_not_marked(article, mod):
    comment = hold(article, "See https://a.example/")
    Comment.objects.filter(pk=comment.pk).update(body_source="Other words of the same length.")
    page = detail(mod, comment)
    assert "<mark title" not in page
    assert "https://a.example/" in page


@pytest.mark.parametrize(
    ("spans", "pieces"),
    [
        ([(0, 3)], [("abc", True), ("defgh", False)]),
        ([(2, 4), (3, 6)], [("ab", False), ("cd", True), ("ef", True), ("gh", False)]),
        ([(2, 6), (3, 4)], [("ab", False), ("cdef", True), ("gh", False)]),
        ([(7, 99)], []),
        ([(5, 5)], []),
        ([], []),
    ],
)
def test_pieces_are_the_whole_text_once(spans, pieces):
    text = "abcdefgh"
    hits = [{"rule": "link", "start": a, "end": b, "matched": text[a:b] or "x"} for a, b in spans]
    hits = [hit | {"matched": "ab" + "x" * 9} if hit["end"] > 8 else hit for hit in hits]
    found = cards.pieces_of(text, hits)
    assert [(piece.text, bool(piece.rule)) for piece in found] == pieces
    assert "".join(piece.text for piece in found) in {text, ""}


def test_the_whole_chain_that_it_answers_is_there_folded_beyond_the_nearest(article, seen):
    rows = load_comments(article, [None, 0, 1, 2])
    comment = hold(article, "Answers them.", parent=rows[3])
    page = seen(comment)
    above = page[page.index('class="above"') : page.index("Answers them.")]
    folded, _, nearest = above.partition('<details class="context" open>')
    assert "3 comments further up" in folded
    assert [f"Archived words {n}." in folded for n in range(4)] == [True, True, True, False]
    assert folded.index("Archived words 0.") < folded.index("Archived words 2.")
    assert "Archived words 3." in nearest


def test_a_very_long_chain_says_how_much_is_left_out(article, mod):
    rows = load_comments(article, [None, *range(40)])
    comment = hold(article, "At the bottom.", parent=rows[-1])
    page = detail(mod, comment)
    assert "29 comments further up" in page
    assert "11 more stand above these." in page


def test_the_authors_record_is_there(article, mod, seen):
    vera = make_guest()
    for n, state in enumerate(["visible", "visible", "rejected", "spam", "removed", "removed", "removed"]):
        make_comment(article, f"Earlier {n}.", author=vera, name="Vera", state=state)
    Note.objects.create(author=vera, by=mod.user, text="Kind.")
    page = seen(hold(article, author=vera))
    for words in ("2 published", "1 rejected", "1 spam", "3 removed", "1 note"):
        assert words in page
    assert "Trusted" not in page
    assert "Banned" not in page
    until = timezone.now() + datetime.timedelta(days=1)
    ban = Ban.objects.create(kind="person", author=vera, reason="Rude.", by=mod.user, until=until)
    Author.objects.filter(pk=vera.pk).update(trusted_at=timezone.now())
    page = seen(Comment.objects.get(state=State.HELD))
    assert "Trusted" in page
    assert "Banned" in page
    Ban.objects.filter(pk=ban.pk).update(until=timezone.now())
    assert "Banned" not in seen(Comment.objects.get(state=State.HELD))


def test_how_many_of_the_same_person_wait_leads_to_them(article, mod):
    vera = make_guest()
    for n in range(3):
        hold(article, f"Words {n}.", author=vera)
    page = desk(mod)
    assert f'/moderation/?tab=held&author={vera.pk}">all 3 that wait' in page
    assert "3 comments" in desk(mod, f"tab=held&author={vera.pk}")


def test_the_effects_on_replies_are_said_before(article, mod):
    root = make_comment(article, "A root.")
    for n in range(3):
        make_comment(article, f"Below {n}.", parent=root)
    make_comment(article, "Not public.", parent=root, state=State.REMOVED)
    page = detail(mod, root)
    assert "3 visible replies stay under a placeholder." in page
    assert "With its replies: takes 3 visible ones along" in page
    assert "puts 3 replies back" not in page
    mod.post("/moderation/decide/", {"comment": root.pk, "decision": "remove"})
    page = detail(mod, root)
    assert "Approving also puts 3 replies back into their place." in page
    assert 'name="with_replies"' not in page


def test_a_comment_without_replies_says_nothing_of_them(article, seen):
    page = seen(hold(article))
    assert 'class="effects"' not in page


def people() -> list[Author]:
    """Somebody of each kind, with and without what trust can be tied to."""
    proved, erased = make_guest("Proved"), make_user("gone").author
    Address.objects.create(author=proved, email="proved@example.org", verified_at=timezone.now())
    typed = make_guest("Typed")
    Address.objects.create(author=typed, email="typed@example.org")
    Author.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    archived = Author.objects.create(kind=Author.Kind.ARCHIVED, name="Vasilis")
    return [make_user("dora").author, proved, typed, make_guest(), archived, Author.objects.get(pk=erased.pk)]


def test_trust_is_offered_exactly_where_the_rules_allow_it(article, mod):
    for author in people():
        comment = hold(article, f"Words of {author.name}.", author=author)
        offered = 'name="decision" value="trust"' in detail(mod, comment)
        assert offered == (author.pk in rules.trustable([author.pk])), author.name
    dora = Author.objects.get(name="dora")
    Author.objects.filter(pk=dora.pk).update(trusted_at=timezone.now())
    assert 'value="trust"' not in detail(mod, Comment.objects.get(author=dora))


def test_reasons_are_those_that_are_active(article, seen):
    Reason.objects.create(code="advert", title="Advertising", text="No advertising, please.")
    Reason.objects.create(code="old", title="Old reason", text="Old.", active=False)
    page = seen(hold(article))
    assert '<option value="advert">Advertising</option>' in page
    assert "Old reason" not in page


def test_enter_in_the_reason_refuses_and_never_approves(article, seen):
    page = seen(hold(article))
    form = re.search(r'<form class="decide".*?</form>', page, re.DOTALL)[0]
    first = re.search(r"<button[^>]*>", form)[0]
    assert 'value="reject"' in first
    assert 'aria-hidden="true"' in first
    assert 'tabindex="-1"' in first


def test_a_closed_thread_is_marked_and_can_be_opened_again(article, mod):
    root = make_comment(article, "A root.")
    comment = hold(article, parent=root)
    assert 'value="close"' in detail(mod, comment)
    Comment.objects.filter(pk=root.pk).update(closed_at=timezone.now())
    page = detail(mod, comment)
    assert "Thread closed" in page
    assert 'value="reopen"' in page
    assert 'value="close"' not in page


def test_an_erased_comment_shows_no_words_and_no_acts(article, mod):
    comment = make_comment(article, "Secret words.", state=State.REMOVED)
    erased = {"erased_at": timezone.now(), "body_source": "", "body_html": "", "name_shown": ""}
    Comment.objects.filter(pk=comment.pk).update(**erased)
    page = detail(mod, comment)
    assert "The words have been erased." in page
    assert "unnamed reader" in page
    assert 'name="decision"' not in page


def test_archived_words_are_marked_as_such(article, mod):
    (row,) = load_comments(article, [None])
    Comment.objects.filter(pk=row.pk).update(state=State.HELD, held_at=row.received_at)
    page = desk(mod)
    assert "From the archive" in page
    assert "Archived words 0." in page


def test_why_a_comment_that_was_decided_had_waited_is_still_said(article, mod):
    comment = hold(article, "See https://a.example/")
    mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "spam"})
    assert not Case.objects.filter(closed=None).exists()
    assert '<mark title="A link">' in desk(mod, "tab=spam")


def test_the_page_shows_direct_replies_and_the_history(article, mod):
    root = make_comment(article, "A root.")
    make_comment(article, "Directly below.", parent=root, name="Zoë")
    mod.post("/moderation/decide/", {"comment": root.pk, "decision": "remove", "reason": "Off topic."})
    page = detail(mod, root)
    assert "Directly below." in page
    assert "Visible → Removed" in page
    assert "Off topic." in page
