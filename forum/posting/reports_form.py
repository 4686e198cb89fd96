"""The forms with which readers ask the desk for something: a report, and a request to take words down."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.mail.headers import LetterError, clean_address
from forum.moderation.models_requests import Report, TakeDown
from forum.moderation.reports import LONGEST_TEXT
from forum.posting.forms import NameField, TextField, trap

LONGEST_REQUEST = 4000


class ReportForm(forms.Form):
    """Why somebody reports a comment."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what is wrong with it."),
            "invalid_choice": _("Please choose what is wrong with it."),
        },
    )
    text = TextField(
        label=_("In your own words (optional)"),
        required=False,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": _("At most %(limit_value)d characters fit here.")},
        help_text=_("Only moderators read this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = trap()

    def clean(self) -> dict[str, Any]:
        """The fields; whoever reports something else says what."""
        cleaned = super().clean()
        if cleaned.get("reason") == Report.Reason.OTHER and cleaned.get("text") == "":
            self.add_error("text", _("Please say in a few words what is wrong."))
        return cleaned


class TakeDownForm(forms.Form):
    """What somebody wants to have taken down, where, and why."""

    wish = forms.ChoiceField(
        label=_("What should happen?"),
        choices=TakeDown.Wish.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what should happen."),
            "invalid_choice": _("Please choose what should happen."),
        },
    )
    where = TextField(
        label=_("Where is it?"),
        max_length=500,
        error_messages={
            "required": _("Please say where it is: its address, or a few of its words."),
            "max_length": _("At most %(limit_value)d characters fit here."),
        },
        help_text=_("The address of the comment or page, here or on the old blog, or a few of its words."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = TextField(
        label=_("Why, and how can a moderator know that it is about you?"),
        required=False,
        max_length=LONGEST_REQUEST,
        error_messages={"max_length": _("At most %(limit_value)d characters fit here.")},
        help_text=_("Only moderators read this. It is deleted 30 days after the answer."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = NameField(
        label=_("Your name (optional)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("E-mail for the answer (optional)"),
        required=False,
        max_length=254,
        help_text=_("Never shown. Without it nobody can write to you what was decided."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = trap()

    def __init__(self, *args: Any, at_comment: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if at_comment:
            del self.fields["where"]

    def clean_email(self) -> str:
        """One address or none. Raises ValidationError."""
        given = self.cleaned_data["email"].strip()
        try:
            return clean_address(given) if given else ""
        except LetterError:
            raise forms.ValidationError(
                _("This does not look like an e-mail address; it may also stay empty.")
            ) from None

    def clean(self) -> dict[str, Any]:
        """The fields; whoever wants something else says what."""
        cleaned = super().clean()
        if cleaned.get("wish") == TakeDown.Wish.OTHER and cleaned.get("text") == "":
            self.add_error("text", _("Please say in a few words what should happen."))
        return cleaned
