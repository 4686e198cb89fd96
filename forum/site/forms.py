"""The form of the policy: who is held, for how long a discussion is open, what limits there are."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Fieldset, Layout
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from forum.site.models import Mode, SitePolicy

LONGEST_HELP = 5_000
LARGEST = {
    "trust_after": 1_000,
    "close_after_days": 36_500,
    "form_seconds": 60,
    "spam_from": 100,
    "reports_to_hide": 1_000,
    "edit_minutes": 10_080,
    "person_per_hour": 10_000,
    "network_per_hour": 30_000,
    "alarm_after_hours": 8_760,
}
HELP = {
    "trust_after": _("So many approved replies make an account, or a proved address, trusted. 0: never."),
    "close_after_days": _(
        "Counted from the last reply, or from the import; never from the post's date. 0: never."
    ),
    "form_seconds": _("A reply that comes back sooner was not typed by a person. 0: does not look."),
    "spam_from": _("What looks that much like earlier spam is held in every mode. 0: never."),
    "reports_to_hide": _("So many people who have proved their address hold a reply. 0: never."),
    "edit_minutes": _("For authors, once their reply is public, until somebody answers it. 0: not at all."),
    "person_per_hour": _("The most that one person may post in an hour. 0: no limit."),
    "network_per_hour": _("The most from one network, such as a clinic or a library. 0: no limit."),
    "alarm_after_hours": _("The desk says so when a reply has waited longer. 0: never."),
}
LABELS = {
    "trust_after": _("Approved replies until somebody is trusted"),
    "close_after_days": _("Close a discussion after so many quiet days"),
    "form_seconds": _("Seconds that writing takes at least"),
    "spam_from": _("Hold what looks like spam by so many per cent"),
    "reports_to_hide": _("Reports that hide a reply"),
    "edit_minutes": _("Minutes in which a reply can be edited"),
    "person_per_hour": _("Replies of one person in an hour"),
    "network_per_hour": _("Replies of one network in an hour"),
    "alarm_after_hours": _("Hours until the desk raises an alarm"),
}


class PolicyForm(forms.Form):
    """What an admin sets about moderation; `version` and `seen` are what the page was made from."""

    mode = forms.ChoiceField(
        label=_("Which replies wait for a moderator"),
        choices=Mode.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose which replies wait."),
            "invalid_choice": _("Please choose one of the ways in the list."),
        },
    )
    help_lines = forms.CharField(
        label=_("Help lines"),
        required=False,
        strip=True,
        help_text=_(
            "Shown at once to whoever writes in the language of crisis, as plain text: "
            "names, numbers and hours of who listens."
        ),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    public_log = forms.BooleanField(
        label=_("Show a public log of decisions"),
        required=False,
        help_text=_("What was decided and why, without names and without the words."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, largest in LARGEST.items():
            self.fields[name] = _number(LABELS[name], HELP[name], largest)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_("Who is held"), Field("mode"), _beside("trust_after", "spam_from")),
            Fieldset(_("Open and closed"), _beside("close_after_days", "edit_minutes")),
            Fieldset(
                _("Against floods and robots"),
                _beside("person_per_hour", "network_per_hour"),
                _beside("form_seconds"),
            ),
            Fieldset(_("Reports and help"), _beside("reports_to_hide"), Field("help_lines")),
            Fieldset(_("The desk"), _beside("alarm_after_hours"), Field("public_log")),
            Field("version"),
            Field("seen"),
        )

    def clean_help_lines(self) -> str:
        """The lines with one sign at the end of each, and not too many."""
        lines = self.cleaned_data["help_lines"].replace("\r\n", "\n")
        if len(lines) > LONGEST_HELP:
            message = _("The help lines are too long: at most %(limit)s characters fit.")
            raise forms.ValidationError(message, params={"limit": f"{LONGEST_HELP:,}"})
        return lines

    def clean_close_after_days(self) -> int | None:
        """None for 0 and for nothing."""
        return self.cleaned_data["close_after_days"] or None

    def clean(self) -> dict[str, Any]:
        """The fields; a number that was left empty is 0, which switches it off."""
        cleaned = super().clean()
        for name in LARGEST.keys() - {"close_after_days"}:
            if name in cleaned and cleaned[name] is None:
                cleaned[name] = 0
        return cleaned

    def values(self) -> dict[str, Any]:
        """The policy that was asked for, by the names of its columns."""
        return {name: self.cleaned_data[name] for name in OWNED}


OWNED = ("mode", *LARGEST, "help_lines", "public_log")


def shown(policy: SitePolicy) -> dict[str, Any]:
    """What the form's fields hold for a policy."""
    return {name: getattr(policy, name) for name in OWNED}


def label_of(name: str) -> str | Promise:
    """What the form calls a field."""
    return LABELS.get(name) or PolicyForm.base_fields[name].label


def _number(label: str | Promise, help_text: str | Promise, largest: int) -> forms.IntegerField:
    wrong = _("Please give a whole number from 0 to %(largest)s.") % {"largest": f"{largest:,}"}
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=0,
        max_value=largest,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


def _beside(*names: str) -> Div:
    return Div(*(Div(Field(name), css_class="col-sm-6") for name in names), css_class="row")
