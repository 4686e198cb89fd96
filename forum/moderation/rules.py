"""Whether a new comment passes or is held, and why; asked before anything is written."""

from dataclasses import dataclass

from forum.articles.models import Article
from forum.site.models import Mode, SitePolicy
from forum.threads.states import State


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that a new comment begins in and the rule that says so."""

    state: State
    rule: str


def screen(article: Article, policy: SitePolicy, *, honeypot: bool) -> Verdict:
    """Everything is held unless the policy, or the article's own mode, says otherwise.

    A filled honeypot field makes spam, which a moderator can still restore: some browsers fill in
    more than their owner sees.
    """
    if honeypot:
        return Verdict(State.SPAM, "honeypot")
    if (article.mode or policy.mode) == Mode.OPEN:
        return Verdict(State.VISIBLE, "open")
    return Verdict(State.HELD, "hold_all")
