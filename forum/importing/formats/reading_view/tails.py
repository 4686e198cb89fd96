"""Knows the lines around comments that nobody wrote: reply forms, pop-ups, side columns, buttons."""

import re
from dataclasses import dataclass, field

from forum.importing.formats.reading_view.lines import is_blank

_MOST_LETTERS = 300
# A comment form's lines; beside a list they prove that it is a list of comments.
_FORM = re.compile(
    r"leave a (?:reply|comment)(?: to [^.?!]{1,60})?|post (?:a|your) (?:comment|reply)"
    r"|(?:add|write|submit) (?:a )?comment"
    r"|cancel reply|comments are (?:now )?closed\.?|comments closed\.?"
    r"|please note that all comments are moderated.*"
    r"|kommentar (?:verfassen|schreiben|hinterlassen|veröffentlichen)|schreibe? (?:einen|deinen) kommentar.*"
    r"|hinterlasse (?:eine antwort|einen kommentar).*|antwort(?:en)? abbrechen"
    r"|(?:die )?kommentare sind geschlossen\.?"
    r"|deja un[a]? (?:comentario|respuesta).*|cancelar (?:la )?respuesta|publicar un comentario"
    r"|laisser un commentaire.*|annuler la réponse|poster un commentaire|enregistrer un commentaire"
    r"|fill in your details below or click an icon to log in:?|trage deine daten unten ein oder klicke.*"
    r"|you are commenting using your .*|du kommentierst mit deinem .*|connecting to %s|verbinde mit %s"
    r"|your email address will not be published\..*|deine e-mail-adresse wird nicht veröffentlicht\..*"
    r"|tu dirección de correo electrónico no será publicada\..*|votre adresse e-mail ne sera pas publiée\..*"
    r"|subscribe to: post comments \(atom\)|enter your comment here\.\.\.|gib hier deinen kommentar ein.*",
)
_FURNITURE = re.compile(
    r"discover more from [^?!]{1,80}|subscribe now to keep reading and get access to the full archive\.?"
    r"|%d bloggers? like this:?|%d bloggern gefällt das:?|recent (?:posts|comments)"
    r"|neueste (?:beiträge|kommentare)|this site uses akismet.*|diese website verwendet akismet.*"
    r"|required fields are marked \*|erforderliche felder sind mit \* markiert\.?"
    r"|newer post ?(?:older post)? ?(?:home)?|older post ?(?:home)?|links to this post:?|view original post"
    r"|(?:labels|tagged with|tags|filed under|categories):[ ,]*"
    r"|datenschutz & cookies: .*|privacy & cookies: .*"
    r"|wordpress\.com[ -]logo|(?:twitter|google|facebook) (?:logo|picture|photo)"
    r"|log ?out.{0,3}/.{0,3}change.{0,3}"
    r"|subscribe to comments with rss\.?|notify me of .*|benachrichtig.* per e-mail.*|about the author"
    r"|(?:share|like) this:?|(?:like )?loading(?:\.\.\.|…)|teilen(?: sie dies)? mit:?|gefällt mir:?"
    r"|.{0,3}older comments|newer comments.{0,3}|(?:post|comment) navigation|beitrags-?navigation|δ"
)
_ONLY_AT_THE_END = frozenset({"continue reading", "home", "related", "weiterlesen"})
_PAGED = re.compile(
    r"(?:.{0,3}older comments|newer comments.{0,3}|.{0,3}ältere kommentare|neuere kommentare.{0,3})"
)
_BUTTON = re.compile(
    r"liked by (?:\d{1,6} (?:person|people|persons)|you(?: and .{1,40})?)|like|liken|likenliken"
    r"|gefällt mir(?: \d+ mal)?"
    r"|reply(?: ?[↓↵])?|replies|replydelete|reply to .{1,60} ?[↓↵]|\(reply\)|antwort|antworten(?: ?[↓↵])?"
    r"|antworten ?löschen|responder|répondre|(?:like )?loading(?:\.\.\.|…)"
    r"|wird geladen(?:\.\.\.|…)?|lade (?:\.\.\.|…)"
)
_HELD = re.compile(
    r"your comment is awaiting (?:moderation|approval)\.?.{0,120}|(?:dein|ihr) kommentar wartet auf .{1,60}"
)
_AUTHOR_OF_NEXT = re.compile(r"by .{1,60}")
_REPLY_TO = ("leave a reply to ", "leave a comment to ", "schreibe einen kommentar zu ")
_CANCEL = ("cancel reply", "antworten abbrechen", "antwort abbrechen")
_DISCOVER = "discover more from "


@dataclass(slots=True)
class Furniture:
    """What the dropped lines told: the name in the reply form, the site's name, more comment pages."""

    reply_form_name: str = ""
    site_name: str = ""
    paged: bool = False
    others: list[str] = field(default_factory=list)

    def note(self, line: str) -> None:
        """Takes one dropped line into account; the first name of each kind stays."""
        text = line.strip()
        if len(text) > _MOST_LETTERS:
            return
        if not self.reply_form_name:
            # Some pages have the link to close the form on a line of its own.
            self.reply_form_name = _name_in_form(text) or _name_in_form(f"{text} {_CANCEL[0]}")
        if not self.site_name and text.casefold().startswith(_DISCOVER):
            self.site_name = text[len(_DISCOVER) :].strip()
        self.paged = self.paged or bool(_PAGED.fullmatch(text.casefold()))


def is_form_line(line: str) -> bool:
    """Whether a whole line belongs to a comment form, or says that there is none any more."""
    text = _key(line)
    return bool(text) and bool(
        _FORM.fullmatch(text) or (text.endswith(_CANCEL) and _name_in_form(line.strip()))
    )


def is_end_mark(line: str) -> bool:
    """Whether a whole line ends a list of comments. Source: docs/reading-view.md."""
    text = _key(line)
    return bool(text) and bool(_FURNITURE.fullmatch(text) or is_form_line(line))


def is_form_inside(line: str) -> bool:
    """Whether a line is the head of a form that was opened between the comments, and nothing else.

    Below an indented comment no other boilerplate is cut: a sentence might begin with the same words.
    """
    return _key(line) in _CANCEL or bool(_name_in_form(line.strip()))


def is_button(line: str) -> bool:
    """Whether a whole line is the text of a button below a comment ("Reply", "Liked by 2 people")."""
    text = _key(line)
    return bool(text) and bool(_BUTTON.fullmatch(text))


def is_held_notice(line: str) -> bool:
    """Whether a whole line says that its comment waits for approval."""
    text = _key(line)
    return bool(text) and bool(_HELD.fullmatch(text))


def cut_tail(lines: list[str], at_the_end: bool, furniture: Furniture) -> list[str]:
    """`lines` without the boilerplate that they end with; what that tells goes into `furniture`.

    `at_the_end` is true where the whole text ends here: some lines ("Continue reading") are a
    legitimate part of an article anywhere else.
    """
    end = len(lines)
    below = ""
    while end:
        line = lines[end - 1]
        text = _key(line)
        dropped = is_blank(line) or is_end_mark(line) or (at_the_end and text in _ONLY_AT_THE_END)
        if not dropped and not (below.startswith("recent ") and _AUTHOR_OF_NEXT.fullmatch(text)):
            break
        if text:
            below = text
            furniture.note(line)
        end -= 1
    return lines[:end]


def _key(line: str) -> str:
    """The line as the patterns want it; "" for one too long to be boilerplate."""
    text = line.strip()
    return text.casefold() if len(text) <= _MOST_LETTERS else ""


def _name_in_form(text: str) -> str:
    """NAME of "Leave a Reply to NAMECancel reply"; taken apart by hand, for a pattern would backtrack."""
    lowered = text.lower()
    start = next((opening for opening in _REPLY_TO if lowered.startswith(opening)), "")
    end = next((closing for closing in _CANCEL if lowered.endswith(closing)), "")
    if not start or not end or len(text) < len(start) + len(end):
        return ""
    return text[len(start) : len(text) - len(end)].strip()
