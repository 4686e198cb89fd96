"""What an admin corrects in a preview: kept with the identity of the item, so that it outlives the run.

Nothing is written but `SourceItem.override`; `match_corrections` says what lies in it and puts it to use.
"""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from forum.articles.models import Blog
from forum.importing import identity, match
from forum.importing.identity import Key
from forum.importing.match_corrections import DROP, ECHOES, HOLD, bare_key
from forum.importing.plan_items import PlannedArticle, PlannedComment
from forum.importing.records import RefusedError
from forum.sources.models import ImportRun, SourceItem
from forum.threads.states import Kind

ACCEPT, MOVE, CLEAR = "accept", "move", "clear"
TOP = "top"  # what is given for a parent where there is none
FATES = {DROP, HOLD}
CORRECTABLE = {ImportRun.State.PLANNED, ImportRun.State.FAILED, ImportRun.State.CANCELLED}


def correct(run: ImportRun, planned: PlannedArticle, label: str, act: str, target: str = "") -> None:
    """Keep one correction: of the comment that the source calls `label`, or of the article for "".

    `act` is ACCEPT, MOVE (under the comment `target`, or TOP), DROP, HOLD or CLEAR. Raises
    RefusedError with one sentence for what cannot be.
    """
    _check_run(run, planned)
    with transaction.atomic():
        # Whoever writes an import holds this lock, and so do two who correct the same thread.
        spelt = Blog.objects.filter(system=planned.system, host__in=identity.spellings(planned.host))
        spelt.select_for_update().order_by("pk").first()
        match.match([planned])
        _check_not_written(run, planned)
        if label:
            _correct_comment(planned, _found(planned, label), act, target)
        else:
            _correct_article(planned, act)


def is_corrected(item: SourceItem | None) -> bool:
    """Whether a correction of this item is in force."""
    return item is not None and bool(item.override.keys() & {"parent", "fate"})


def _check_run(run: ImportRun, planned: PlannedArticle) -> None:
    if run.state not in CORRECTABLE:
        raise RefusedError(_("This import is not waiting any more, so nothing of it can be corrected."))
    if planned.record.state == "trash":
        raise RefusedError(_("This post lay in its source's trash and is left out."))


def _check_not_written(run: ImportRun, planned: PlannedArticle) -> None:
    """What a run has begun to write of a thread it goes on with by the ledger, so the order has to stay."""
    number = planned.item.article_id if planned.item else None
    begun = run.state != ImportRun.State.PLANNED and number is not None
    if begun and run.ledger.filter(item__article=number).exists():
        raise RefusedError(
            _(
                "This import has written the post already; go on with it, then give the file again "
                "to correct it."
            )
        )


def _found(planned: PlannedArticle, label: str) -> PlannedComment:
    wanted = label.strip().removeprefix("#")
    for comment in planned.comments:
        if comment.said.key == wanted:
            return comment
    raise RefusedError(_("There is no comment “%(label)s” under this post.") % {"label": label[:60]})


def _correct_article(planned: PlannedArticle, act: str) -> None:
    if act not in {*FATES, CLEAR}:
        raise RefusedError(_("A post can be left out or held, and that can be taken back."))
    if planned.is_made_up:
        raise RefusedError(_("The archive does not hold this post itself; correct its comments one by one."))
    if act in FATES and planned.item is not None and planned.item.article_id is not None:
        raise RefusedError(_("This post stands here already; to hide it is up to its own page."))
    override = {} if act == CLEAR else {"fate": act}
    _keep(planned, planned.item, SourceItem.Kind.ARTICLE, planned.key, override)


def _correct_comment(planned: PlannedArticle, comment: PlannedComment, act: str, target: str) -> None:
    if planned.is_left_out:
        raise RefusedError(_("This post is left out with all its comments; take that back first."))
    if act != CLEAR and comment.changed_here:
        raise RefusedError(_("This comment was changed or moved here, so an import leaves it alone."))
    override = dict(comment.item.override) if comment.item else {}
    if act == CLEAR:
        override = {"taken_back": True} if comment.item and comment.item.comment_id else {}
    elif act in FATES:
        _check_fate(comment, act)
        override["fate"] = act
    elif act == MOVE:
        override["parent"] = _key(planned, _target(planned, comment, target))
    elif act == ACCEPT:
        if comment.stored_place is not None and comment.stored_place.parent is not None:
            raise RefusedError(_("Its place is known from an earlier import, so there is nothing to accept."))
        override["parent"] = _key(planned, comment.parent)
    else:
        raise RefusedError(_("It was not said what to correct."))
    if override:
        override["article"] = planned.key.key
    _keep(planned, comment.item, SourceItem.Kind.COMMENT, comment.key, override)


def _check_fate(comment: PlannedComment, act: str) -> None:
    if comment.row_stands or (act == HOLD and comment.item is not None and comment.item.comment_id):
        raise RefusedError(
            _("This comment stands here already; to hold or remove it is up to the moderation desk.")
        )
    if comment.said.state in match.LEFT_OUT or comment.said.kind == Kind.PLACEHOLDER:
        raise RefusedError(_("Nothing of this comment is taken from the archive anyway."))


def _target(planned: PlannedArticle, comment: PlannedComment, target: str) -> PlannedComment | None:
    """The comment to put it under, None for the top level."""
    if not target.strip():
        raise RefusedError(_("Please say which comment it answers, or “top” for none."))
    if target.strip().lower() == TOP:
        return None
    found = _found(planned, target)
    if found is comment:
        raise RefusedError(_("A comment cannot answer itself."))
    if found.said.kind in ECHOES:
        raise RefusedError(_("Nobody can answer a link from another site; choose a comment."))
    above = found.parent
    while above is not None:
        if above is comment:
            names = {"below": found.said.key, "label": comment.said.key}
            raise RefusedError(
                _("Comment %(below)s stands below comment %(label)s, so that one cannot answer it.") % names
            )
        above = above.parent
    return found


def _key(planned: PlannedArticle, comment: PlannedComment | None) -> str:
    return bare_key(planned, comment.key.key) if comment else ""


def _keep(
    planned: PlannedArticle, item: SourceItem | None, kind: str, key: Key, override: dict[str, Any]
) -> None:
    if item is not None:
        item.override = override
        item.save(update_fields=["override"])
        return
    system, host, blog = planned.identity
    SourceItem.objects.update_or_create(
        system=system,
        host=host,
        blog=blog,
        kind=kind,
        key=key.key,
        defaults={"override": override},
        create_defaults={"override": override, "key_scheme": key.scheme, "content_hash": ""},
    )
