"""What looks like earlier spam: a weight for each word, learnt from what moderators have decided.

Scoring adds numbers up and needs no library. The learning is in `spam_training`, which only workers import.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.management import call_command
from django_tasks import task

from forum.accounts.models import User
from forum.jobs import progress
from forum.jobs.models import Job
from forum.moderation.matching import LINK, LONGEST_MATCH, Hit
from forum.moderation.models_policy import SpamModel
from forum.moderation.spam_outside import Service
from forum.site.models import SitePolicy
from forum.text.folding import WORD, Folded

JOB = "train-spam"
STRONGEST = 5  # words that the desk is shown
SHOWN_FROM = 50  # per cent; less is not worth a moderator's look
LINK_WORDS = ("1 link", "2 links", "3 links")  # with a space in them, so that they are no words
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DIGIT = re.compile(r"\d")
_LONGEST_WORD = 30


@dataclass(frozen=True, slots=True)
class Model:
    """What spam looks like here."""

    bias: float
    weights: dict[str, float]

    def per_cent(self, text: str) -> int:
        """How much a text looks like earlier spam, 0 to 100; 0 when its words do not speak for spam.

        Where none of them is known, the bias would say the same of every language and of every “Ok”.
        """
        said = sum(self.weights.get(word, 0.0) for word in features(text))
        if said <= 0:
            return 0
        total = self.bias + said
        return math.floor(100 / (1 + math.exp(-max(min(total, 50.0), -50.0))))

    def strongest(self, text: str) -> list[tuple[int, int]]:
        """Where in a text those words stand that speak most for spam, the strongest first."""
        folded = Folded(_blank(text))
        first: dict[str, tuple[int, int]] = {}
        for match in WORD.finditer(folded.text):
            if self.weights.get(match.group(), 0) > 0:
                first.setdefault(match.group(), match.span())
        best = sorted(first, key=lambda word: -self.weights[word])[:STRONGEST]
        return [folded.span(*first[word]) for word in best]


def features(text: str) -> set[str]:
    """What of a text is learnt and looked at: its folded words but addresses and numbers, and its links."""
    links = sum(1 for _link in LINK.finditer(text))
    words = set(WORD.findall(Folded(_blank(text)).text))
    kept = {word for word in words if len(word) <= _LONGEST_WORD and not _DIGIT.search(word)}
    return kept | ({LINK_WORDS[min(links, len(LINK_WORDS)) - 1]} if links else set())


def find(text: str, policy: SitePolicy, model: Model | None, service: Service | None = None) -> Iterator[Hit]:
    """The hits of what looks like earlier spam: `spam_model` from the policy's per cent on, which holds,
    `spam_perhaps` from half of all on. Their label says how much.

    The larger one counts, of what the model says and what a service outside does.
    """
    if not policy.spam_from:
        return
    said = [one.per_cent(text) for one in (model, service) if one is not None]
    said = [per_cent for per_cent in said if per_cent is not None]
    if not said or max(said) < min(SHOWN_FROM, policy.spam_from):
        return
    rule, label = "spam_model" if max(said) >= policy.spam_from else "spam_perhaps", f"{max(said)} %"
    spans = model.strongest(text) if model is not None else []
    for start, end in spans:
        yield Hit(rule, text[start:end][:LONGEST_MATCH], start, end, label)
    if not spans:
        yield Hit(rule, label=label)


def in_force(policy: SitePolicy) -> Model | None:
    """The newest model, None when there is none. No statement while the policy's key is the same."""
    # In one step, since another thread may empty it between two.
    known = _kept.get(policy.rules_key, _NOT_READ) if policy.rules_key else _NOT_READ
    if known is not _NOT_READ:
        return known
    row = SpamModel.objects.order_by("-pk").first()
    model = None if row is None else Model(row.bias, row.weights)
    _kept.clear()
    _kept[policy.rules_key] = model
    return model


_NOT_READ = Model(0.0, {})  # None is what a site without a model keeps
_kept: dict[str, Model | None] = {}  # what this process has read last, by the key that held then


def ask_training(actor: User | None) -> Job:
    """Have a worker learn anew what spam looks like."""
    job = progress.ask(JOB, "", actor)
    learn.enqueue(job.pk)
    return job


@task()
def learn(job_id: int) -> None:
    """Learn what spam looks like; when there is too little to learn from, the job fails and says so."""
    job = Job.objects.get(pk=job_id)
    with progress.running(job):
        # As a command, because the library that learns takes 120 MB, and web processes know this module.
        call_command("train_spam", by=job.owner_id, verbosity=0)


def _blank(text: str) -> str:
    """A text with blanks in the place of e-mail addresses and of what stands behind the host of a link."""
    if "@" in text:
        text = _MAIL.sub(lambda match: " " * len(match.group()), text)
    return LINK.sub(_host_alone, text)


def _host_alone(match: re.Match[str]) -> str:
    address = match.group()
    host = address[: address.find("/", 8)] if "/" in address[8:] else address
    return host.ljust(len(address))
