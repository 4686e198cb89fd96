"""What a moderator has edited: its author is told of it, and no change of theirs undoes it unseen."""

import pytest

from forum.moderation import decisions, edits, edits_waiting, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Case, Decision
from forum.site.models import Mode
from forum.threads.models import Comment, Revision
from tests.make import make_comment
from tests.posting.own import again, browser_of, change, page, public, site, waits

pytestmark = pytest.mark.django_db
WHOLE, KIND = "My doctor Dr Smith is bad.", "My doctor is bad."
WHY = Grounds(reason="No names of doctors.", note="Canary of the desk.")


def edit(comment: Comment, mod, text: str = KIND, grounds: Grounds = WHY) -> Decision:
    """A moderator gives a comment other words."""
    return edits.edit(comment.pk, text, mod.user, version=again(comment).version, grounds=grounds)


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.HOLD_GUESTS, Mode.HOLD_LINKS])
@pytest.mark.parametrize("text", [WHOLE, "Something else."])
def test_a_change_of_words_that_a_moderator_has_edited_waits_in_every_mode(
    article, ben, mod, stranger, mode, text
):
    site(mode)
    comment = make_comment(article, WHOLE, author=ben.user.author, name="ben")
    edit(comment, mod)
    assert change(ben, comment, text)["Location"].endswith("?done=waits")
    assert again(comment).body_source == KIND
    assert Case.objects.get(cause=Case.Cause.EDIT, closed=None).comment == comment
    assert text not in stranger.get(article.path).content.decode()


def test_control_words_that_nobody_else_has_edited_change_at_once(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, WHOLE)
    other, _nora = public(article, WHOLE)
    edit(other, mod)
    assert change(vera, comment, KIND)["Location"].endswith("?done=published")


def test_the_same_after_a_held_reply_was_edited_and_approved(article, mod):
    site(Mode.OPEN)
    comment, vera = waits(article, WHOLE)
    edit(comment, mod)
    decisions.decide("approve", comment.pk, mod.user)
    assert change(vera, comment, WHOLE)["Location"].endswith("?done=waits")
    assert again(comment).body_source == KIND


def test_a_change_that_was_accepted_does_not_open_the_way_for_the_next(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, WHOLE)
    edit(comment, mod)
    change(vera, comment, "My doctor is very bad.")
    waiting = Revision.objects.get(state="waiting")
    edits_waiting.accept(comment.pk, waiting.n, mod.user, version=None)
    assert again(comment).body_source == "My doctor is very bad."
    assert change(vera, comment, WHOLE)["Location"].endswith("?done=waits")


def test_an_edit_that_was_taken_back_holds_nothing_and_is_told_no_more(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, WHOLE)
    undo.undo(edit(comment, mod).pk, mod.user)
    assert "Edited by a moderator" not in page(vera, comment)
    assert change(vera, comment, "Kinder words.")["Location"].endswith("?done=published")


def test_moderators_who_edit_their_own_words_at_the_desk_are_authors(article, mod):
    site(Mode.OPEN)
    comment = make_comment(article, WHOLE, author=mod.user.author, name="mod")
    edit(comment, mod)
    mine = browser_of(comment)
    assert "Edited by a moderator" not in page(mine, comment)
    assert change(mine, comment, "Kinder words.")["Location"].endswith("?done=published")


@pytest.mark.parametrize("state", ["held", "visible"])
def test_the_author_reads_that_a_moderator_edited_the_words_and_why(article, mod, stranger, state):
    site(Mode.OPEN)
    comment, vera = (waits if state == "held" else public)(article, WHOLE)
    edit(comment, mod)
    text = page(vera, comment)
    for said in ("Edited by a moderator", "A moderator gave it other words.", WHY.reason, "Dr Smith"):
        assert said in text
    assert "<del>" in text
    assert ("a moderator reads the change first" in text) == (state == "visible")
    for hidden in (WHY.note, mod.user.email):
        assert hidden not in text
    assert stranger.get(f"/comments/{comment.pk}/status/").status_code == 404


def test_each_edit_is_told_with_its_own_reason_the_newest_first(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, WHOLE)
    edit(comment, mod)
    edit(comment, mod, "My doctor is.", Grounds())
    text = page(vera, comment)
    assert text.index("No reason was given.") < text.index(WHY.reason)
    assert text.count("A moderator gave it other words.") == 2


def test_words_that_were_withdrawn_are_not_shown_again_by_their_edits(article, mod):
    site(Mode.OPEN)
    comment, vera = public(article, WHOLE)
    edit(comment, mod)
    vera.post(f"/comments/{comment.pk}/withdraw/")
    assert "Dr Smith" not in page(vera, comment)
