"""Learning what spam looks like here from the moderators' own decisions.

Only a worker's task and a command import this module: the library behind it is large.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from forum.accounts.models import User
from forum.moderation import policy
from forum.moderation.models import APPROVING, Act, Decision
from forum.moderation.models_policy import SpamModel
from forum.moderation.rules import text_of
from forum.moderation.spam import Model, features
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Kind, Origin, State

ENOUGH = 20  # of either kind
NEWEST = 4_000  # of either kind; what spam looked like long ago says little
IN_SO_MANY = 3  # comments must hold a word, and of honest ones by so many people, that it may be kept
MOST_WORDS = 20_000
KEPT = 3  # models; the newest is in force
FOLDS = 5


class NotEnoughError(Exception):
    """There is too little to learn from; the text is one sentence for whoever asked."""


class Example(NamedTuple):
    """The words of one comment, what it is signed with, and whether it is spam."""

    words: set[str]
    name: str
    spam: bool


def train(actor: User | None = None) -> SpamModel:
    """Learn from the newest decisions and put it in force at once, in every process.

    Raises NotEnoughError when there is too little of either kind; what was in force then stays.
    """
    examples = [*_examples(_spam(), True), *_examples(_honest(), False)]
    model = fit(examples)
    spam = sum(example.spam for example in examples)
    with policy.locked():
        before = SpamModel.objects.order_by("-pk").first()
        counts = {"spam": spam, "honest": len(examples) - spam}
        made = SpamModel.objects.create(by=actor, bias=model.bias, weights=model.weights, **counts)
        kept = SpamModel.objects.order_by("-pk").values("pk")[:KEPT]
        SpamModel.objects.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
        known = {"spam": before.spam, "honest": before.honest} if before else {}
        policy.log("spam", actor, known, counts)
    return made


def fit(examples: Sequence[Example]) -> Model:
    """Weights for words such that their sum says how likely spam is, each kind being as likely beforehand.

    Raises NotEnoughError.
    """
    spam = sum(example.spam for example in examples)
    _refuse_too_few(spam, len(examples) - spam)
    words = _kept_words(examples)
    known = {word: n for n, word in enumerate(words)}
    rows = [sorted(known[word] for word in example.words if word in known) for example in examples]
    ends = numpy.cumsum([0, *map(len, rows)])
    columns = numpy.fromiter((n for row in rows for n in row), dtype=numpy.int32)
    shape = (len(rows), max(len(words), 1))
    table = csr_matrix((numpy.ones(len(columns)), columns, ends), shape=shape)
    truth = numpy.array([example.spam for example in examples])
    judge = LogisticRegression(class_weight="balanced", max_iter=1_000, solver="liblinear")
    # How sure it may be is measured on comments that it has not learnt from (Platt's scaling).
    sums = cross_val_predict(judge, table, truth, cv=FOLDS, method="decision_function")
    scale = LogisticRegression(class_weight="balanced").fit(sums.reshape(-1, 1), truth)
    slope, shift = max(float(scale.coef_[0][0]), 0.0), float(scale.intercept_[0])
    judge.fit(table, truth)
    weights = {word: round(slope * float(judge.coef_[0][n]), 4) for word, n in known.items()}
    bias = round(slope * float(judge.intercept_[0]) + shift, 4)
    return Model(bias, {word: weight for word, weight in weights.items() if abs(weight) >= 0.01})


def _refuse_too_few(spam: int, honest: int) -> None:
    if min(spam, honest) >= ENOUGH:
        return
    said = {"spam": spam, "honest": honest, "enough": ENOUGH}
    raise NotEnoughError(
        _(
            "There is not enough to learn from yet: %(spam)s comments marked as spam and %(honest)s approved "
            "ones, and it takes %(enough)s of each."
        )
        % said
    )


def _kept_words(examples: Sequence[Example]) -> list[str]:
    """Words of several comments: what one person alone writes could be a name, and outlive an erasure."""
    spam = Counter(word for example in examples if example.spam for word in example.words)
    pairs = {(word, example.name) for example in examples if not example.spam for word in example.words}
    people = Counter(word for word, _name in pairs)
    kept = [w for w in spam.keys() | people.keys() if spam[w] >= IN_SO_MANY or people[w] >= IN_SO_MANY]
    return sorted(kept, key=lambda word: (-spam[word] - people[word], word))[:MOST_WORDS]


def _examples(rows: CommentQuerySet, spam: bool) -> list[Example]:
    fields = ("body_source", "source_format", "body_html", "name_shown")
    newest = rows.filter(kind=Kind.COMMENT, erased_at=None).exclude(body_source="").order_by("-pk")
    return [Example(features(text_of(row)), row.name_shown, spam) for row in newest.only(*fields)[:NEWEST]]


def _spam() -> CommentQuerySet:
    """What a moderator has put among spam, and what came as spam with the archive."""
    return Comment.objects.filter(_decided(Act.SPAM) | Q(origin=Origin.ARCHIVE), state=State.SPAM)


def _honest() -> CommentQuerySet:
    """What a moderator has let stand, and what the archive has published."""
    return Comment.objects.filter(_decided(*APPROVING) | Q(origin=Origin.ARCHIVE), state=State.VISIBLE)


def _decided(*acts: str) -> Q:
    made = Decision.objects.filter(comment=OuterRef("pk"), act__in=acts, undone_by=None)
    return Q(Exists(made.exclude(actor=None)))
