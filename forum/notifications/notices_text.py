"""What stands in letters about comments: words and links, never anybody's e-mail address.

Everything is plain text (figure M2). What people wrote stands as quoted lines, so that nobody's words
can pass for ours, and every link is shown in full.
"""

import re
from collections.abc import Sequence
from html import unescape

from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from forum.accounts.models import Address
from forum.mail.quoting import quoted
from forum.mail.writing import Draft
from forum.notifications.models import Subscription
from forum.notifications.subscriptions import token_of, token_of_digest
from forum.text.excerpt import excerpt
from forum.text.tidy import one_line
from forum.threads.models import Comment
from forum.web.address import full_address

LONGEST_NAME = 80
LINES, ANSWERED_LINES = 40, 12
_BLOCK_ENDS = re.compile(r"</(?:p|li|blockquote|h\d|pre)>|<br[^>]*>", re.IGNORECASE)


def of_new_words(comment: Comment, parent: Comment | None, why: Sequence[Subscription]) -> Draft:
    """The letter that tells one address of a comment; `parent` only when everybody may read it.

    `why` are that address's subscriptions which the comment fits; the link in the letter ends them.
    """
    address = why[0].address
    to_me = any(one.scope == Subscription.Scope.REPLIES for one in why)
    values = {"name": name_of(comment), "title": one_line(comment.article.title, 100)}
    if to_me:
        head, subject = (
            _("%(name)s has answered you under “%(title)s”:"),
            _("%(name)s has answered you: %(title)s"),
        )
    else:
        head = _("%(name)s wrote under “%(title)s”:")
        subject = _("New comment by %(name)s: %(title)s")
    parts = [head % values, quoted(words_of(comment), lines=LINES)]
    if parent is not None:
        said = _("You had written:") if to_me else _("In reply to %(name)s:") % {"name": name_of(parent)}
        parts += [said, quoted(words_of(parent), lines=ANSWERED_LINES)]
    parts += [_("The comment in its discussion:"), link_to(comment)]
    url = full_address(reverse("notifications:unsubscribe", args=[token_of(why)]))
    text = "\n\n".join([*parts, _foot(_("You get this letter because you asked for it here."), url)])
    return Draft(f"comment-{comment.pk}-{address.pk}", address.email, subject % values, text, _headers(url))


def of_publication(comment: Comment, why: Subscription) -> Draft:
    """The letter that tells the author that a moderator has let a reply through."""
    values = {"title": one_line(comment.article.title, 100)}
    url = full_address(reverse("notifications:unsubscribe", args=[token_of([why])]))
    parts = [
        _("A moderator has read your reply under “%(title)s”, and everybody can read it now:") % values,
        quoted(words_of(comment), lines=ANSWERED_LINES),
        link_to(comment),
        _foot(_("You get this letter because you asked to hear of answers to what you write."), url),
    ]
    subject = _("Your reply is published: %(title)s") % values
    key = f"comment-{comment.pk}-{why.address_id}"
    return Draft(key, why.address.email, subject, "\n\n".join(parts), _headers(url))


def of_digest(address: Address, comments: Sequence[Comment], more: int, key: str) -> Draft:
    """The letter that tells one address of a day's comments; `more` is how many it does not list."""
    parts = []
    for comment in comments:
        values = {"name": name_of(comment), "title": one_line(comment.article.title, 100)}
        head = _("%(name)s under “%(title)s”:") % values
        parts.append(f"{head}\n{quoted(excerpt(words_of(comment), 200))}\n{link_to(comment)}")
    if more:
        parts.append(_("… and %(count)s more.") % {"count": more})
    url = full_address(reverse("notifications:unsubscribe", args=[token_of_digest(address)]))
    parts.append(_foot(_("You get this letter once a day because you asked for it here."), url))
    subject = _("New comments: %(count)s") % {"count": len(comments) + more}
    return Draft(key, address.email, subject, "\n\n".join(parts), _headers(url))


def name_of(comment: Comment) -> str:
    """Who wrote a comment, as a letter says it: one line, nothing invisible."""
    return one_line(comment.name_shown, LONGEST_NAME) or _("Somebody without a name")


def words_of(comment: Comment) -> str:
    """A comment as plain text."""
    if comment.source_format == "text":
        return comment.body_source
    return unescape(strip_tags(_BLOCK_ENDS.sub("\n\n", comment.body_html))).strip()


def link_to(comment: Comment) -> str:
    """The address of a comment, in full."""
    return full_address(reverse("comment", args=[comment.pk]))


def _foot(why: str, url: str) -> str:
    return f"-- \n{why} " + _("To end it, follow this link and press the button:") + f"\n{url}"


def _headers(url: str) -> dict[str, str]:
    """What lets a mail program show a button of its own (RFC 2369, 3.2; RFC 8058, 3.1)."""
    if "://" not in url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
