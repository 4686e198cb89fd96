"""The follow form, the same for everybody since it stands on shared pages."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Field, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forum.mail.headers import LetterError, clean_address
from forum.notifications.models import Subscription

BIGGEST_NUMBER = 2**63 - 1


class Follow(forms.Form):
    """Where letters go, about what, and how often; `website` is a trap for robots."""

    scope = forms.ChoiceField(label=_("What you want to hear of"), widget=forms.RadioSelect)
    pace = forms.ChoiceField(
        label=_("How often"), choices=Subscription.Pace.choices, initial=Subscription.Pace.AT_ONCE
    )
    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        help_text=_(
            "Never shown. If you are signed in, your account’s address is used and this may stay empty."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    thread = forms.IntegerField(
        required=False, widget=forms.HiddenInput, min_value=1, max_value=BIGGEST_NUMBER
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, thread: int | None = None, is_member: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="follow_%s", **kwargs)
        self.is_member = is_member
        scope = Subscription.Scope
        scopes = [scope.THREAD] if thread is not None else []
        self.fields["scope"].choices = [(s.value, s.label) for s in [*scopes, scope.ARTICLE, scope.REPLIES]]
        self.fields["scope"].initial = (scope.THREAD if thread is not None else scope.ARTICLE).value
        self.fields["thread"].initial = thread
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field("scope"),
            Div(
                Div(Field("email"), css_class="col-sm"),
                Div(Field("pace"), css_class="col-sm-4"),
                css_class="row",
            ),
            Field("thread"),
            Div(Field("website"), css_class="trap", aria_hidden="true"),
        )

    def clean_email(self) -> str:
        """One address, or none for whoever has an account. Raises ValidationError."""
        if self.is_member:
            return ""
        try:
            return clean_address(self.cleaned_data["email"])
        except LetterError:
            raise ValidationError(_("This does not look like an e-mail address.")) from None


class Address(forms.Form):
    """Where to send the link to one's subscriptions."""

    email = forms.CharField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """One address. Raises ValidationError."""
        try:
            return clean_address(self.cleaned_data["email"])
        except LetterError:
            raise ValidationError(_("This does not look like an e-mail address.")) from None
