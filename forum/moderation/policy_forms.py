"""The form of one rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.moderation import policy_rules, policy_seen
from forum.moderation.matching import RuleError
from forum.moderation.models_policy import Rule
from forum.moderation.policy import RULE_FIELDS
from forum.text.tidy import one_line

LARGEST = 100_000
_NUMBER = _("Please give a whole number from 0 to %(largest)s.") % {"largest": f"{LARGEST:,}"}


class RuleForm(forms.Form):
    """What a rule looks for and what it does; `seen` is what the page showed, `rehearsal` what tried it."""

    kind = forms.ChoiceField(
        label=_("What it looks for"),
        choices=Rule.Kind.choices,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Please choose what the rule looks for.")
        ),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    text = forms.CharField(
        label=_("Word, phrase or pattern"),
        required=False,
        help_text=_("Upper and lower case are the same. A pattern is a regular expression."),
        widget=forms.TextInput(
            attrs={"class": "form-control", "maxlength": 300, "autocomplete": "off", "dir": "auto"}
        ),
    )
    inside = forms.BooleanField(
        label=_("Find it inside longer words, too"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    number = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=0,
        max_value=LARGEST,
        help_text=_("For rules that count links, characters or repetitions."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _NUMBER),
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    effect = forms.ChoiceField(
        label=_("What then happens"),
        choices=Rule.Effect.choices,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Please choose what then happens.")),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    label = forms.CharField(
        label=_("Why (optional)"),
        required=False,
        help_text=_("Moderators read this beside a reply that the rule holds, such as “sells medicine”."),
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 100, "autocomplete": "off"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    rehearsal = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rule: Rule | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        for name in ("text", "number", "label", "kind", "effect"):
            described = [f"help-{name}"] if self.fields[name].help_text else []
            if self.is_bound and name in self.errors:
                self.fields[name].widget.attrs["class"] += " is-invalid"
                self.fields[name].widget.attrs["aria-invalid"] = "true"
                described.append(f"error-{name}")
            if described:
                self.fields[name].widget.attrs["aria-describedby"] = " ".join(described)

    def clean_text(self) -> str:
        """The text on one line; one that is too long is whole, so that its length can be told."""
        typed = self.cleaned_data["text"]
        return one_line(typed, len(typed))

    def clean_label(self) -> str:
        """The label on one line."""
        return one_line(self.cleaned_data["label"], 100)

    def clean(self) -> dict[str, Any]:
        """The fields; whatever is no rule is said in one sentence."""
        cleaned = super().clean()
        if not self.errors:
            try:
                self.said = policy_rules.said(self.values())
            except RuleError as error:
                self.add_error(None, str(error))
        return cleaned

    def values(self) -> dict[str, Any]:
        """The fields of the rule as they were typed; what the form does not ask for stays as it is."""
        values = {name: self.cleaned_data[name] for name in RULE_FIELDS if name in self.cleaned_data}
        if self.rule is not None:
            values |= {"language": self.rule.language, "active": self.rule.active}
        return values

    def seen_fields(self) -> dict[str, Any]:
        """What the page showed, as it sent it back; nothing when it cannot be read."""
        return policy_seen.of_rule(self.cleaned_data["seen"])
