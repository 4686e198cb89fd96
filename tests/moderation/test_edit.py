"""Editing the words of a comment: the mark, the texts kept, the version check, and taking it back."""

import pytest

from forum.moderation import edits
from forum.moderation.models import Act, Decision
from forum.threads import writing
from forum.threads.models import Comment, Revision
from forum.threads.states import State
from tests.make import load_comments, make_article, make_comment

pytestmark = pytest.mark.django_db


def edit(client, comment, body: str, **fields):
    """POST other words for a comment as its page does."""
    values = {"body": body, "version": comment.version} | fields
    return client.post(f"/moderation/comments/{comment.pk}/edit/", values)


def test_an_edit_changes_the_words_says_so_in_public_and_keeps_what_was_said(article, mod, stranger):
    comment = make_comment(article, "Call me on 0123 456.")
    answer = edit(mod, comment, "Call me on [number removed].", reason="A phone number.")
    after, decision = Comment.objects.get(), Decision.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/comments/{comment.pk}/")
    assert after.body_html == "<p>Call me on [number removed].</p>"
    assert (after.state, after.version) == (State.VISIBLE, comment.version + 1)
    assert after.edited_at is not None
    assert (decision.act, decision.actor, decision.reason) == (Act.EDIT, mod.user, "A phone number.")
    assert (decision.revision, decision.comment_version) == (2, after.version)
    kept = list(Revision.objects.order_by("n").values_list("n", "body_source", "by"))
    assert kept == [(1, "Call me on 0123 456.", None), (2, "Call me on [number removed].", mod.user.pk)]
    page = stranger.get(article.path).content.decode()
    assert "edited by a moderator" in page
    assert "0123 456" not in page
    desk = mod.get(f"/moderation/comments/{comment.pk}/edit/").content.decode()
    assert "0123 456</del>" in desk
    assert "[number removed]</ins>" in desk
    assert "What it said before" in desk


def test_the_words_of_an_edit_are_cleaned_like_all_others(article, mod):
    comment = make_comment(article)
    edit(mod, comment, "<script>alert(1)</script> https://stillwaters.example/a")
    assert "<script" not in Comment.objects.get().body_html
    (archived,) = load_comments(make_article(), [None])
    Comment.objects.filter(pk=archived.pk).update(source_format="html")
    edit(mod, archived, "<b onclick='x()'>Bold</b><script>alert(1)</script>")
    assert "onclick" not in Comment.objects.get(pk=archived.pk).body_html
    assert "<script" not in Comment.objects.get(pk=archived.pk).body_html


def test_an_edit_is_taken_back_and_the_mark_goes_with_it(article, mod):
    comment = make_comment(article, "First words.")
    edit(mod, comment, "Second words.")
    answer = mod.post("/moderation/undo/", {"id": Decision.objects.get().pk})
    after = Comment.objects.get()
    assert answer.status_code == 303
    assert (after.body_source, after.edited_at) == ("First words.", None)
    assert list(Revision.objects.order_by("n").values_list("body_source", flat=True)) == [
        "First words.",
        "Second words.",
        "First words.",
    ]


def test_an_edit_of_an_edit_is_taken_back_to_the_first_edit(article, mod):
    comment = make_comment(article, "First words.")
    edit(mod, comment, "Second words.")
    edit(mod, Comment.objects.get(), "Third words.")
    first, second = Decision.objects.order_by("pk")
    assert mod.post("/moderation/undo/", {"id": first.pk}).status_code == 409
    mod.post("/moderation/undo/", {"id": second.pk})
    after = Comment.objects.get()
    assert after.body_source == "Second words."
    assert after.edited_at is not None


def test_what_an_import_worded_anew_between_two_edits_is_kept_and_comes_back(article, mod):
    comment = make_comment(article, "First words.")
    edit(mod, comment, "Second words.")
    mod.post("/moderation/undo/", {"id": Decision.objects.latest("pk").pk})
    stands = Comment.objects.get()
    stands.body_source, stands.body_html = "The source's words.", "<p>The source's words.</p>"
    writing.correct([stands])
    edit(mod, Comment.objects.get(), "Third words.")
    mod.post("/moderation/undo/", {"id": Decision.objects.latest("pk").pk})
    assert Comment.objects.get().body_source == "The source's words."


def test_who_was_slower_keeps_what_they_typed_and_sees_what_stands(article, mod, boss):
    comment = make_comment(article, "First words.")
    edit(boss, comment, "The words of boss.")
    answer = edit(mod, comment, "The words of mod.")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has changed this comment meanwhile" in page
    assert ">The words of mod.</textarea>" in page
    assert "boss" in page
    assert f'name="version" value="{comment.version + 1}"' in page
    assert Comment.objects.get().body_source == "The words of boss."


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "A comment needs words."),
        ("​ ", "A comment needs words."),
        ("x" * 20_001, "longer than 20000 characters"),
        ("First words.", "These are the words that stand there already."),
    ],
)
def test_words_that_cannot_be_saved_are_refused_in_one_sentence(article, mod, body, sentence):
    comment = make_comment(article, "First words.")
    answer = edit(mod, comment, body)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Comment.objects.get().version == comment.version
    assert not Revision.objects.exists()


def test_an_erased_comment_a_placeholder_and_one_that_is_not_there_have_no_words_to_edit(article, mod):
    first, second = load_comments(article, [None, 0])
    Comment.objects.filter(pk=first.pk).update(kind="placeholder")
    Comment.objects.filter(pk=second.pk).update(body_source="", body_html="", erased_at=second.received_at)
    for comment in (first, second):
        assert edit(mod, comment, "New words.").status_code == 404
    assert mod.get("/moderation/comments/999/edit/").status_code == 404


def test_nobody_but_staff_edits(article, ben, stranger):
    comment = make_comment(article, "First words.")
    assert edit(ben, comment, "Mine.").status_code == 404
    assert edit(stranger, comment, "Mine.").status_code == 302
    assert Comment.objects.get().body_source == "First words."


def test_a_stale_edit_writes_nothing(article, mod):
    comment = make_comment(article, "First words.")
    with pytest.raises(edits.NotPossibleError):
        edits.edit(comment.pk, "Words.", mod.user, version=comment.version + 1)
    assert not Revision.objects.exists()
