"""The upload form."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from forum.importing.formats import FORMATS
from forum.importing.records import RefusedError


class UploadForm(forms.Form):
    """One archive and what the admin knows of it; the file's content says which format it is."""

    file = forms.FileField(
        label=_("Archive"),
        allow_empty_file=True,
        help_text=_(
            "A WordPress, Blogger or Disqus export, a saved page, a web capture, the text of a page, "
            "or any of these packed as zip or gzip."
        ),
    )
    url = forms.CharField(
        label=_("Address that the post had"),
        required=False,
        max_length=2000,
        help_text=_("For example https://blog.example/2012/10/31/a-post/. The date is taken from it."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    date = forms.CharField(
        label=_("Date of the post"),
        required=False,
        max_length=10,
        help_text=_("As 2012-10-31. Leave it empty when the address holds it or nobody knows."),
    )
    title = forms.CharField(
        label=_("Title"), required=False, max_length=500, help_text=_("Only if the text itself has none.")
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("Recognise by content")), *((name, name) for name in FORMATS)],
    )
    accept_damaged = forms.BooleanField(
        label=_("Take what can be read of a damaged file"),
        required=False,
        help_text=_("Without this, a damaged file writes nothing."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CorrectionForm(forms.Form):
    """One correction in a preview: which drawn article, which of its comments ("" for itself), what."""

    article = forms.IntegerField(min_value=1)
    act = forms.CharField(max_length=20)
    comment = forms.CharField(required=False, max_length=500)
    parent = forms.CharField(required=False, max_length=500)

    def said(self) -> dict[str, Any]:
        """What was sent. Raises RefusedError when something of it is missing or no number."""
        if not self.is_valid():
            raise RefusedError(gettext("It was not said what to correct."))
        return self.cleaned_data
