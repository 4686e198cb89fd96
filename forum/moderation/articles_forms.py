"""What the article desk takes: a correction, a reason, and where something is to go."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.articles.models import Article, ArticleRevision
from forum.moderation.articles_correct import Correction
from forum.text.tidy import is_visible, one_line, plain

LONGEST_BODY = 1_000_000
EARLIEST = 1970
BODY_HELP = {
    "text": _("Plain text. A blank line begins a new paragraph; web addresses become links."),
    "html": _("HTML. What could do harm is taken out when it is saved."),
}


class CorrectionForm(forms.Form):
    """Title, date and text of an article as they are to be; `version` is what the page was made from."""

    title = forms.CharField(
        label=_("Title"),
        error_messages={"required": _("Please give the article a title.")},
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 500}),
    )
    day = forms.DateField(
        label=_("Date"),
        required=False,
        error_messages={"invalid": _("This is no date; write it as year-month-day.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    time = forms.TimeField(
        label=_("Time (optional)"),
        required=False,
        error_messages={"invalid": _("This is no time; write it as hours:minutes.")},
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "form-control"}),
    )
    body = forms.CharField(
        label=_("Text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "class": "form-control"}),
    )
    reason = forms.CharField(
        label=_("Why (optional)"),
        required=False,
        help_text=_("For the log of this article, which only the desk reads."),
        widget=forms.TextInput(attrs={"class": "form-control", "maxlength": 500, "autocomplete": "off"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(article), **kwargs)
        self.article = article
        self.fields["body"].help_text = BODY_HELP.get(article.source_format, "")
        for name in self.errors if self.is_bound else ():
            if name in self.fields and "class" in self.fields[name].widget.attrs:
                self.fields[name].widget.attrs["class"] += " is-invalid"
        for name in ("title", "day", "time", "body", "reason"):
            described = [f"help-{name}"] if self.fields[name].help_text else []
            described += [f"error-{name}"] if self.is_bound and name in self.errors else []
            if described:
                self.fields[name].widget.attrs["aria-describedby"] = " ".join(described)

    def clean_title(self) -> str:
        """The title on one line."""
        title = one_line(self.cleaned_data["title"], 500)
        if not title:
            raise ValidationError(_("Please give the article a title."))
        return title

    def clean_body(self) -> str:
        """The text without what no page can hold."""
        body = plain(self.cleaned_data["body"])
        if len(body) > LONGEST_BODY:
            limit = f"{LONGEST_BODY:,}"
            raise ValidationError(_("The most that fits is %(limit)s characters."), params={"limit": limit})
        return body if is_visible(body) else ""

    def clean_reason(self) -> str:
        """The reason on one line."""
        return one_line(self.cleaned_data["reason"], 500)

    def clean(self) -> dict[str, Any]:
        """A time needs its day, and both have to be on a calendar that blogs were written in."""
        cleaned = super().clean()
        day = cleaned.get("day")
        if day is None and cleaned.get("time") and "day" not in self.errors:
            self.add_error("day", _("A time alone says nothing; give the day as well."))
        elif day is not None and not EARLIEST <= day.year <= timezone.now().year + 1:
            self.add_error("day", _("This year cannot be right."))
        return cleaned

    def correction(self) -> Correction:
        """What was asked for; a date that was left as it stood keeps its seconds."""
        said, article = self.cleaned_data, self.article
        moment, precision = article.published_at, article.date_precision
        if (said["day"], said["time"]) != _day_and_time(article):
            moment, precision = _moment(said["day"], said["time"])
        return Correction(said["title"], moment, precision, said["body"])


def reason_in(text: str) -> str:
    """A reason as the log keeps it."""
    return one_line(text, 500)


def shown_for(said: Article | ArticleRevision) -> dict[str, str]:
    """What the fields of the form hold for what an article says, or said, as a browser sends it back."""
    day, time = _day_and_time(said)
    return {
        "title": said.title,
        "day": day.isoformat() if day else "",
        "time": time.strftime("%H:%M") if time else "",
        "body": said.body_source,
    }


def _initial(article: Article) -> dict[str, Any]:
    day, time = _day_and_time(article)
    said = {"title": article.title, "body": article.body_source, "version": article.version}
    return said | {"day": day, "time": time}


def _day_and_time(article: Article | ArticleRevision) -> tuple[datetime.date | None, datetime.time | None]:
    if article.published_at is None:
        return None, None
    local = timezone.localtime(article.published_at)
    exact = article.date_precision == Article.Precision.SECOND
    return local.date(), local.time().replace(second=0, microsecond=0) if exact else None


def _moment(day: datetime.date | None, time: datetime.time | None) -> tuple[datetime.datetime | None, str]:
    if day is None:
        return None, Article.Precision.UNKNOWN
    moment = timezone.make_aware(datetime.datetime.combine(day, time or datetime.time()))
    return moment, Article.Precision.DAY if time is None else Article.Precision.SECOND
