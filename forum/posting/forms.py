"""The reply form."""

import re
import time
import uuid
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Field, Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from forum.accounts.names import checked
from forum.text import names
from forum.text.tidy import is_visible, plain

LONGEST_BODY = 20_000
LONGEST_APPEAL = 2_000
BIGGEST_NUMBER = 2**63 - 1
FORM_KEY = re.compile(r"[\w-]{1,32}", re.ASCII)
STAMP = signing.TimestampSigner(salt="forum.posting.form")


class TextField(forms.CharField):
    """Text of several lines, freed of what no database can hold before anything looks at it."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """The text with `\\n` line ends and without control characters; outer blank lines go."""
        text = plain(super().to_python(value)).strip()
        return text if is_visible(text) else ""


class NameField(forms.CharField):
    """A name on one line, without invisible characters."""

    def to_python(self, value: Any) -> str:
        """The name as it will be shown."""
        return names.tidy(super().to_python(value))


def trap() -> forms.CharField:
    """A field that people do not see and robots fill in."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"})
    return forms.CharField(label=_("Leave this empty"), required=False, widget=widget)


class ReplyForm(forms.Form):
    """What a person says in reply; `website` is a trap for robots that people do not see."""

    body = TextField(
        label=_("Your reply"),
        error_messages={"required": _("Please write something: the reply is still empty.")},
        help_text=_("Plain text. A blank line begins a new paragraph; web addresses become links."),
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    name = NameField(
        label=_("Name"),
        error_messages={"required": _("Please give a name. It need not be your real one.")},
        help_text=_("Shown with your reply. It need not be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    email = forms.EmailField(
        label=_("E-mail (optional)"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("This does not look like an e-mail address; it may also stay empty.")},
        help_text=_("Never shown. One letter goes there to ask whether it is yours."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    remember = forms.BooleanField(label=_("Remember my name in this browser"), required=False)
    follow = forms.BooleanField(label=_("Tell me by mail when somebody answers me"), required=False)
    website = trap()
    parent = forms.IntegerField(
        required=False, widget=forms.HiddenInput, min_value=1, max_value=BIGGEST_NUMBER
    )
    form_key = forms.CharField(required=False, widget=forms.HiddenInput)
    # Not rounded: the page is the same for everybody within a second, and one that was kept for hours only
    # makes its form look older than it is, which speaks against nobody.
    opened = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: STAMP.sign("reply"))

    def __init__(self, *args: Any, is_staff: bool = False, is_member: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_staff, self.is_member = is_staff, is_member
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.form_show_errors = True
        self.helper.layout = Layout(
            Field("body"),
            Div(
                Div(Field("name"), css_class="col-sm"),
                Div(Field("email"), css_class="col-sm"),
                css_class="row",
            ),
            Field("remember"),
            Field("follow"),
            Div(Field("website"), css_class="trap", aria_hidden="true"),
            Field("parent"),
            Field("form_key"),
            Field("opened"),
            HTML(render_to_string("posting/_consent.html")),
        )

    def clean_body(self) -> str:
        """Refuses a text that is too long, with both numbers."""
        return fitting(self.cleaned_data["body"])

    def clean(self) -> dict[str, Any]:
        """The fields; whoever wants letters and has no account gives an address."""
        cleaned = super().clean()
        if cleaned.get("follow") and not self.is_member and cleaned.get("email") == "":
            self.add_error("email", _("Where should the letters go? Give an address, or take the tick out."))
        return cleaned

    def clean_form_key(self) -> str:
        """The key, or none when it is not one of ours: nobody can mend a hidden field."""
        key = self.cleaned_data["form_key"]
        return key if FORM_KEY.fullmatch(key) else ""

    def clean_name(self) -> str:
        """Refuses a name that nobody may have, or only the staff."""
        return checked(self.cleaned_data["name"], is_staff=self.is_staff)


class AnswerForm(forms.Form):
    """What a moderator answers from the desk; `version` is the comment's that they saw."""

    body = TextField(
        label=_("Your answer"),
        error_messages={"required": _("Please write something: the answer is still empty.")},
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    version = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST_NUMBER)
    form_key = forms.CharField(required=False)

    clean_form_key = ReplyForm.clean_form_key

    def clean_body(self) -> str:
        """Refuses a text that is too long, with both numbers."""
        return fitting(self.cleaned_data["body"])


class ChangeForm(forms.Form):
    """What an author gives their own comment for words; `version` is the comment's that they saw."""

    body = TextField(
        label=_("Your words"),
        error_messages={"required": _("Please write something. To take it off the page, withdraw it.")},
    )
    version = forms.IntegerField(min_value=0, max_value=BIGGEST_NUMBER)

    def clean_body(self) -> str:
        """Refuses a text that is too long, with both numbers."""
        return fitting(self.cleaned_data["body"])


class AppealForm(forms.Form):
    """What an author objects to a decision."""

    text = TextField(
        label=_("What should another moderator know?"),
        error_messages={"required": _("Please say why: the field is still empty.")},
    )
    decision = forms.IntegerField(min_value=0, max_value=BIGGEST_NUMBER)

    def clean_text(self) -> str:
        """Refuses a text that is too long, with both numbers."""
        text = self.cleaned_data["text"]
        if len(text) > LONGEST_APPEAL:
            raise ValidationError(
                _("This is %(length)s characters long; the most that fits is %(limit)s."),
                params={"length": f"{len(text):,}", "limit": f"{LONGEST_APPEAL:,}"},
            )
        return text


def fitting(body: str) -> str:
    """A reply's text that is not too long. Raises ValidationError with both numbers."""
    if len(body) > LONGEST_BODY:
        raise ValidationError(
            _("The reply is %(length)s characters long; the most that fits is %(limit)s."),
            params={"length": f"{len(body):,}", "limit": f"{LONGEST_BODY:,}"},
        )
    return body


def seconds_open(stamp: str) -> float | None:
    """How long a form has been open by its stamp; None without one, for a forged one, and from the future."""
    try:
        STAMP.unsign(stamp)
        made = signing.b62_decode(stamp.split(":")[1])
    except (signing.BadSignature, ValueError, IndexError):
        return None
    age = time.time() - made
    return age if age >= 0 else None


def new_form_key() -> str:
    """A key that makes a second sending of the same form recognisable."""
    return uuid.uuid4().hex
