"""Rules out into a file, and in from one: first what it would change, then the act."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER, MODERATE
from forum.moderation import policy_queries, rules_csv, rules_import
from forum.moderation.policy import RULE_FIELDS, RefusedError
from forum.moderation.policy_rules import MOST_RULES
from forum.moderation.policy_words import rule_lines
from forum.moderation.rules_csv import FileError, Sheet
from forum.web.redirects import SeeOther

SHOWN = 200  # lines of each part of a preview


@needs(MODERATE)
@require_safe
def as_file(request: HttpRequest) -> HttpResponse:
    """All rules as CSV."""
    response = HttpResponse(
        rules_csv.written(policy_queries.listed()), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="rules.csv"'
    return response


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """The form (GET), what a file would change (POST of `file`), and changing it (POST of `rows`).

    422 for a file that cannot be taken, 409 when the rules have been changed since the preview.
    """
    if request.method != "POST":
        return _form_page(request)
    try:
        sheet, is_sure = _given(request)
    except FileError as error:
        return _form_page(request, str(error), status=422)
    planned = rules_import.plan(sheet)
    if not is_sure:
        return _preview(request, sheet, planned)
    if request.POST.get("seen") != planned.fingerprint:
        message = _("The rules have been changed since you looked, so nothing was done: please look again.")
        return _preview(request, sheet, planned, message, status=409)
    try:
        rules_import.apply(planned, request.user)
    except RefusedError as error:
        return _preview(request, sheet, planned, str(error), status=409)
    said = {"new": len(planned.new), "changed": len(planned.changed)}
    messages.success(request, _("Taken in: %(new)s new rules, %(changed)s changed.") % said)
    return SeeOther(reverse("moderation:rules"))


def _given(request: HttpRequest) -> tuple[Sheet, bool]:
    """The rules that were sent: as a file to be looked at, or as what the preview carries, to be written."""
    file = request.FILES.get("file")
    if file is not None:
        return rules_csv.read(file, file.size or 0), False
    rows = request.POST.get("rows", "").encode(errors="replace")
    if not rows:
        raise FileError(_("Please choose a file."))
    sheet = rules_csv.read_data(rows)
    is_list = request.POST.get("is_list") == "yes"
    return Sheet(sheet.lines, is_list=is_list), True


def _preview(
    request: HttpRequest, sheet: Sheet, planned: rules_import.Plan, why_not: str = "", *, status: int = 200
) -> HttpResponse:
    changed = [(line, rule, rule_lines(before, after)) for line, rule, before, after in planned.changed]
    parts = {"new": planned.new, "changed": changed, "refused": planned.refused}
    context: dict[str, Any] = {name: part[:SHOWN] for name, part in parts.items()}
    context["sums"] = {name: len(part) for name, part in parts.items()}
    context["sums"]["unchanged"] = len(planned.unchanged)
    context |= {"sheet": sheet, "rows": rules_csv.table_of(sheet.lines), "seen": planned.fingerprint}
    context |= {"why_not": why_not, "here": "policy", "shown": SHOWN, "to_do": _to_do(planned)}
    return render(request, "moderation/rules_preview.html", context, status=status)


def _to_do(planned: rules_import.Plan) -> str:
    """What the button says; "" when there is nothing to do."""
    count = len(planned.new) + len(planned.changed)
    return ngettext("Take in %(n)s rule", "Take in %(n)s rules", count) % {"n": f"{count:,}"} if count else ""


def _form_page(request: HttpRequest, why_not: str = "", *, status: int = 200) -> HttpResponse:
    context = {"why_not": why_not, "here": "policy", "columns": RULE_FIELDS, "most": MOST_RULES}
    return render(request, "moderation/rules_import.html", context, status=status)
