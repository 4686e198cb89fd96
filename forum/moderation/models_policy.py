"""What admins set about holding: rules, what spam looks like, rehearsals, and the log of their changes."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rule(models.Model):
    """Something that speaks for or against looking at a reply before the public does.

    `text` is what a rule of words or a pattern looks for; `number` what a rule of links, length or
    repetition counts to. `inside` finds words within longer words, too. A word that an `allow` rule
    names is not found by others. A rule is never deleted, since hits name it: it is made inactive.
    """

    class Kind(models.TextChoices):
        WORDS = "words", _("Word or phrase")
        PATTERN = "pattern", _("Pattern")
        LINKS = "links", _("More links than")
        SHORTER = "shorter", _("Fewer characters than")
        LONGER = "longer", _("More characters than")
        REPEATED = "repeated", _("The same word or sign more often in a row than")

    class Effect(models.TextChoices):
        HOLD = "hold", _("Hold")
        CRISIS = "crisis", _("Hold, at the top of the queue, and show help lines")
        MARK = "mark", _("Mark for the moderator, hold nothing")
        ALLOW = "allow", _("Never hold because of this word")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    text = models.CharField(_("text"), max_length=300, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    inside = models.BooleanField(_("also inside longer words"), default=False)
    effect = models.CharField(_("effect"), max_length=10, choices=Effect, default=Effect.HOLD)
    label = models.CharField(_("why"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    active = models.BooleanField(_("active"), default=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["words", "pattern"]) & ~models.Q(text="")
                | models.Q(kind__in=["links", "shorter", "longer", "repeated"], number__isnull=False),
                name="rule_says_what_it_looks_for",
            ),
            models.CheckConstraint(
                condition=models.Q(effect__in=["hold", "crisis", "mark"])
                | models.Q(effect="allow", kind="words"),
                name="rule_effect_in_list",
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.text or f"{self.kind} {self.number}"


class PolicyChange(models.Model):
    """What somebody changed of the policy, of a rule or of the lists; appended and never edited.

    `about` says of what: `policy`, `rule-N`, `rules` for many at once, `spam` for a training, `article-N` for
    one article's mode. `before` and `after` hold only the fields that changed.
    """

    about = models.CharField(max_length=40)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.about} {self.pk}"


class SpamModel(models.Model):
    """What spam looks like here, learnt from the moderators' decisions: a weight for each word, and a bias.

    The newest row is in force. `spam` and `honest` count the comments that it was learnt from.
    """

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    spam = models.PositiveIntegerField()
    honest = models.PositiveIntegerField()
    bias = models.FloatField()
    weights = models.JSONField(default=dict)

    def __str__(self) -> str:
        return str(self.pk)


class Rehearsal(models.Model):
    """A rule or a whole policy that is tried on what is there already, before it acts.

    `proposal` are the fields of the rule or the policy as they were typed. The job of the same number does
    the work; `result` is what came of it, empty while nothing has.
    """

    class Kind(models.TextChoices):
        RULE = "rule", _("Rule")
        POLICY = "policy", _("Policy")

    kind = models.CharField(max_length=10, choices=Kind)
    proposal = models.JSONField(default=dict)
    days = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    result = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
