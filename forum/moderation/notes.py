"""What moderators tell each other about a comment or a person; it never leaves the desk.

Notes are appended: nobody changes or deletes one.
"""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forum.accounts.models import Author, User
from forum.moderation.models_people import Note
from forum.text.tidy import is_visible, plain
from forum.threads.models import Comment

LONGEST = 5000
SHOWN = 100
SAME_WITHIN = datetime.timedelta(minutes=1)


class NoteError(Exception):
    """A note that is not taken; the text is one sentence for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class About:
    """What notes are about, a comment or a person; its text begins the address that takes new ones."""

    what: Comment | Author

    def __str__(self) -> str:
        return f"{'comments' if isinstance(self.what, Comment) else 'people'}/{self.what.pk}"

    @property
    def filed_under(self) -> dict[str, int]:
        """What the rows are found by."""
        return {"comment_id" if isinstance(self.what, Comment) else "author_id": self.what.pk}


def add(text: str, about: Comment | Author, by: User) -> Note:
    """Keep a note; the same words of the same person within a minute are one note. Raises NoteError."""
    text = plain(text).strip()
    if not is_visible(text):
        raise NoteError(_("Please write something: the note is still empty."))
    if len(text) > LONGEST:
        said = {"length": f"{len(text):,}", "limit": f"{LONGEST:,}"}
        raise NoteError(_("The note is %(length)s characters long; the most that fits is %(limit)s.") % said)
    where = About(about).filed_under
    lately = Note.objects.filter(by=by, at__gt=timezone.now() - SAME_WITHIN, **where)
    return lately.filter(text=text).first() or Note.objects.create(text=text, by=by, **where)


def on(about: Comment | Author) -> dict[str, object]:
    """What `moderation/_notes.html` asks for: `notes`, newest first and 100 at most, and `about`.

    One statement, when the page is drawn.
    """
    rows: QuerySet[Note] = Note.objects.filter(**About(about).filed_under).select_related("by")
    return {"notes": rows.order_by("-at", "-pk")[:SHOWN], "about": About(about)}
