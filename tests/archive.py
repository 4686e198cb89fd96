"""Archived comments with people to them, and the forms around them, for the tests of persons and claims."""

from forum.accounts.models import Author
from forum.threads.models import Comment
from tests.make import load_comments


def archived_person(name: str = "Vasilis", **fields) -> Author:
    """Somebody of an archive."""
    return Author.objects.create(kind=Author.Kind.ARCHIVED, name=name, **fields)


def archived_comment(article, author: Author | None = None, name: str = "Vasilis", **fields) -> Comment:
    """One more archived comment, of a person or of a name alone."""
    known = set(Comment.objects.values_list("pk", flat=True))
    load_comments(article, [None])
    number = Comment.objects.exclude(pk__in=known).get().pk
    Comment.objects.filter(pk=number).update(author=author, name_shown=name, **fields)
    return Comment.objects.get(pk=number)


def say_mine(client, comment: Comment, text: str = ""):
    """POST the claim that a comment's words are one's own."""
    return client.post(f"/comments/{comment.pk}/claim/", {"text": text})


def desk(client, act: str, claim, **fields):
    """POST a moderator's act on a claim: `grant`, `refuse` or `take-back`."""
    number = getattr(claim, "pk", claim)
    if act == "take-back":
        return client.post("/moderation/claims/take-back/", {"id": number} | fields)
    return client.post("/moderation/claims/decide/", {"id": number, "decision": act} | fields)
