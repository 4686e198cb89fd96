"""The form of a ban."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.moderation import reasons
from forum.moderation.bans import EVER, Order, Subject

TERMS = [("day", _("1 day")), ("week", _("1 week")), ("month", _("1 month")), ("year", _("1 year"))]
FOR_EVER = [(EVER, _("For ever"))]


class BanForm(forms.Form):
    """Whom, for how long and why; the reason is read by whom it is about."""

    person = forms.BooleanField(required=False)
    address = forms.BooleanField(required=False)
    term = forms.ChoiceField(
        error_messages={
            "required": _("Please choose how long the ban lasts."),
            "invalid_choice": _("Please choose how long the ban lasts."),
        },
    )
    code = forms.CharField(required=False)
    reason = forms.CharField(required=False)

    def __init__(self, *args: Any, subject: Subject, for_ever: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.choices_of_code = subject, reasons.active()
        self.fields["term"].choices = TERMS + (FOR_EVER if for_ever else [])

    def clean(self) -> dict[str, Any]:
        """The fields, and as `grounds` what will be told; somebody has to be chosen, and a reason given."""
        cleaned = super().clean()
        if not cleaned.get("person") and not cleaned.get("address"):
            self.add_error(None, _("Please choose whom the ban is about."))
        try:
            cleaned["grounds"] = reasons.grounds(cleaned.get("code", ""), cleaned.get("reason", ""))
        except reasons.ReasonError as error:
            self.add_error("reason", str(error))
        else:
            if not cleaned["grounds"].reason:
                self.add_error("reason", _("Please give a reason: whoever is banned reads it."))
        return cleaned

    def order(self) -> Order:
        """The ban that was asked for, once the form is valid."""
        said = self.cleaned_data
        return Order(said["term"], said["grounds"], person=said["person"], address=said["address"])
