"""Changing the policy, and taking a change back: one row of what was before and after for each.

Whatever is set here is written under the policy's row, with another `rules_key`, by which every process
notices. What may not be is refused with one sentence, and nothing is written.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.articles.models import Article
from forum.moderation.matching_patterns import MOST_PATTERNS, too_many
from forum.moderation.models_policy import PolicyChange, Rule
from forum.site.models import Mode, SitePolicy
from forum.threads import tree

POLICY, RULES = "policy", "rules"
RULE, ARTICLE = "rule-", "article-"
RULE_FIELDS = ("kind", "text", "number", "inside", "effect", "label", "language", "active")

Values = Mapping[str, Any]


class RefusedError(Exception):
    """The change is not possible; its text is one sentence for whoever wanted it."""


class StaleError(Exception):
    """Somebody else has changed the same thing since the page was made."""


@contextmanager
def locked() -> Iterator[SitePolicy]:
    """The policy's row for as long as something of the policy or its rules is being changed.

    It gets another `rules_key` when that ends well. Call it outside of any article's lock.
    """
    with transaction.atomic():
        SitePolicy.objects.get_or_create(pk=1)
        policy = SitePolicy.objects.select_for_update().get(pk=1)
        yield policy
        policy.rules_key = uuid.uuid4().hex
        policy.save(update_fields=["rules_key"])


@contextmanager
def locked_rules() -> Iterator[None]:
    """As `locked`, for changing rules. Raises RefusedError when more patterns were on than may be at once.

    Where more were on already, before there was a limit, whatever does not add to them is possible.
    """
    patterns = Rule.objects.filter(kind=Rule.Kind.PATTERN, active=True)
    with locked():
        before = patterns.count()
        yield
        if patterns.count() > max(before, MOST_PATTERNS):
            raise RefusedError(too_many())


def change(values: Values, actor: User | None, *, version: int) -> PolicyChange:
    """Write fields of the policy; `version` is the policy's that the actor saw.

    Raises StaleError when somebody was quicker, and RefusedError when nothing is different.
    """
    with locked() as policy:
        if policy.version != version:
            raise StaleError
        return _write(policy, values, actor)


def set_article_mode(article_id: int, mode: str, actor: User | None) -> PolicyChange:
    """Let one article have a mode of its own, or with "" the site's.

    Raises Article.DoesNotExist, and RefusedError for a mode that there is none of or that stands already.
    """
    if mode and mode not in Mode.values:
        raise RefusedError(_("Please choose one of the ways in the list."))
    with locked(), tree.locked(article_id) as article:
        return _write_mode(article, mode, actor)


def undo(number: int, actor: User | None) -> PolicyChange:
    """Put back what was before a change, which is a change of its own.

    Raises PolicyChange.DoesNotExist, and RefusedError when what it set is not what stands now.
    """
    found = PolicyChange.objects.get(pk=number)
    kind = found.about.rstrip("0123456789")
    taking_back = UNDOING.get(kind)
    if taking_back is None:
        raise RefusedError(_("This cannot be taken back."))
    return taking_back(found, actor)


def difference(before: Values, after: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two sets of fields what differs: as it was, and as it is."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}


def log(about: str, actor: User | None, before: Values, after: Values) -> PolicyChange:
    """Append what was just changed; call it in the transaction that changed it."""
    return PolicyChange.objects.create(about=about, by=actor, before=dict(before), after=dict(after))


def fields_of(rule: Rule) -> dict[str, Any]:
    """What a rule says, by the names of its columns."""
    return {name: getattr(rule, name) for name in RULE_FIELDS}


def _write(policy: SitePolicy, values: Values, actor: User | None) -> PolicyChange:
    now = {name: getattr(policy, name) for name in values}
    before, after = difference(now, values)
    if not after:
        raise RefusedError(_("Nothing is different from what holds already."))
    for name, value in after.items():
        setattr(policy, name, value)
    policy.version += 1
    policy.save(update_fields=[*after, "version"])
    return log(POLICY, actor, before, after)


def _write_mode(article: Article, mode: str, actor: User | None) -> PolicyChange:
    before, after = difference({"mode": article.mode}, {"mode": mode or None})
    if not after:
        raise RefusedError(_("This is how it is already; nothing was changed."))
    article.mode = after["mode"]
    article.save(update_fields=["mode"])
    return log(f"{ARTICLE}{article.pk}", actor, before, after)


def _undo_policy(found: PolicyChange, actor: User | None) -> PolicyChange:
    with locked() as policy:
        _check_stands({name: getattr(policy, name) for name in found.after}, found.after)
        return _write(policy, found.before, actor)


def _undo_rule(found: PolicyChange, actor: User | None) -> PolicyChange:
    number = int(found.about.removeprefix(RULE))
    with locked_rules():
        rule = Rule.objects.filter(pk=number).first()
        if rule is None:
            raise RefusedError(_gone())
        _check_stands(fields_of(rule), found.after)
        back = dict(found.before) or {"active": False}  # a rule that was added is never deleted
        before, after = difference(fields_of(rule), back)
        if not after:
            raise RefusedError(_("This was taken back already."))
        Rule.objects.filter(pk=number).update(**after)
        return log(found.about, actor, before, after)


def _undo_rules(found: PolicyChange, actor: User | None) -> PolicyChange:
    """Take an import or its undo back: what it added is switched off, what it changed is put back."""
    with locked_rules():
        rules = Rule.objects.in_bulk([int(number) for number in found.after])
        if len(rules) < len(found.after):
            raise RefusedError(_gone())
        before, after = {}, {}
        for number, left in found.after.items():
            now = fields_of(rules[int(number)])
            _check_stands(now, left)
            was, is_ = difference(now, found.before.get(number) or {"active": False})
            if is_:
                before[number], after[number] = was, is_
                for name, value in is_.items():
                    setattr(rules[int(number)], name, value)
        if not after:
            raise RefusedError(_("This was taken back already."))
        Rule.objects.bulk_update([rules[int(n)] for n in after], RULE_FIELDS, batch_size=100)
        return log(RULES, actor, before, after)


def _undo_article(found: PolicyChange, actor: User | None) -> PolicyChange:
    try:
        with locked(), tree.locked(int(found.about.removeprefix(ARTICLE))) as article:
            _check_stands({"mode": article.mode}, found.after)
            return _write_mode(article, found.before["mode"] or "", actor)
    except Article.DoesNotExist:
        raise RefusedError(_("The article is not there any more, so nothing was put back.")) from None


def _gone() -> str:
    return _("A rule of this change is not there any more, so nothing was put back.")


def _check_stands(now: Values, left: Values) -> None:
    if any(now.get(name) != value for name, value in left.items()):
        raise RefusedError(
            _("Something else has been changed here since, so nothing was put back; change it by hand.")
        )


UNDOING: dict[str, Callable[[PolicyChange, User | None], PolicyChange]] = {
    POLICY: _undo_policy,
    RULE: _undo_rule,
    RULES: _undo_rules,
    ARTICLE: _undo_article,
}
