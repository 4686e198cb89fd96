"""The form of a ban."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forum.moderation import bans_values, reasons
from forum.moderation.bans import EVER, Order, Subject
from forum.moderation.models_people import Ban

TERMS = [("day", _("1 day")), ("week", _("1 week")), ("month", _("1 month")), ("year", _("1 year"))]
FOR_EVER = [(EVER, _("For ever"))]


# The networks of a subject, the narrowest first, as the form calls them.
WHICH = ("one", "around")


class _Grounds(forms.Form):
    """For how long and why, with a tick for what deserves a second look.

    `here` is the address of whoever bans: a ban that reaches it needs the tick.
    """

    term = forms.ChoiceField(
        choices=TERMS,
        error_messages={
            "required": _("Please choose how long the ban lasts."),
            "invalid_choice": _("Please choose how long the ban lasts."),
        },
    )
    code = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    sure = forms.BooleanField(required=False)

    def __init__(self, *args: Any, here: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here, self.choices_of_code = here, reasons.active()

    def clean(self) -> dict[str, Any]:
        """The fields, and as `grounds` what will be told; a reason has to be given."""
        cleaned = super().clean()
        try:
            cleaned["grounds"] = reasons.grounds(cleaned.get("code", ""), cleaned.get("reason", ""))
        except reasons.ReasonError as error:
            self.add_error("reason", str(error))
        else:
            if not cleaned["grounds"].reason:
                self.add_error("reason", _("Please give a reason: whoever is banned reads it."))
        return cleaned

    def ask_about(self, network: str) -> None:
        """Ask for the tick when a network holds whoever bans."""
        if network and not self.cleaned_data.get("sure") and bans_values.holds(network, self.here):
            self.add_error(
                "sure", _("You are in this network yourself and could not reply. Tick that you mean it.")
            )


class BanForm(_Grounds):
    """Whom, for how long and why; the reason is read by whom it is about.

    A network is chosen by a word of WHICH: what a comment came from is shown to nobody.
    """

    person = forms.BooleanField(required=False)
    address = forms.BooleanField(required=False)
    network = forms.CharField(required=False)

    def __init__(self, *args: Any, subject: Subject, for_ever: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject
        self.fields["term"].choices = TERMS + (FOR_EVER if for_ever else [])

    def clean(self) -> dict[str, Any]:
        """As `_Grounds`; somebody has to be chosen, and of the networks one that is offered."""
        cleaned = super().clean()
        offered = dict(zip(WHICH, self.subject.networks, strict=False))
        cleaned["network"] = network = offered.get(cleaned.get("network", ""), "")
        if not cleaned.get("person") and not cleaned.get("address") and not network:
            self.add_error(None, _("Please choose whom the ban is about."))
        self.ask_about(network)
        return cleaned

    def order(self) -> Order:
        """The ban that was asked for, once the form is valid."""
        said = self.cleaned_data
        whom = {name: said[name] for name in ("person", "address", "network")}
        return Order(said["term"], said["grounds"], **whom)


class ManyForm(_Grounds):
    """A domain of e-mail addresses or a network, for how long and why."""

    kind = forms.ChoiceField(
        choices=[
            (Ban.Kind.NETWORK, _("A network, or one address in it")),
            (Ban.Kind.DOMAIN, _("A domain of e-mail addresses")),
        ],
        error_messages={
            "required": _("Please choose what the ban is about."),
            "invalid_choice": _("Please choose what the ban is about."),
        },
    )
    value = forms.CharField(
        max_length=300,
        error_messages={
            "required": _("Please give the network or the domain."),
            "max_length": _("This is too long for a network or a domain."),
        },
    )

    def clean(self) -> dict[str, Any]:
        """As `_Grounds`, with `value` as bans keep it."""
        cleaned = super().clean()
        kind, typed = cleaned.get("kind"), cleaned.get("value")
        if not kind or not typed:
            return cleaned
        read = bans_values.domain_of if kind == Ban.Kind.DOMAIN else bans_values.network_of
        try:
            cleaned["value"] = read(typed)
        except bans_values.ValueRefusedError as error:
            self.add_error("value", str(error))
            return cleaned
        if kind == Ban.Kind.NETWORK:
            self.ask_about(cleaned["value"])
        elif bans_values.is_shared(cleaned["value"]) and not cleaned.get("sure"):
            said = {"domain": cleaned["value"]}
            message = _("Many people have an address at %(domain)s. Tick that you mean all of them.")
            self.add_error("sure", message % said)
        return cleaned

    def order(self) -> Order:
        """The ban that was asked for, once the form is valid."""
        return Order(self.cleaned_data["term"], self.cleaned_data["grounds"], person=False)
