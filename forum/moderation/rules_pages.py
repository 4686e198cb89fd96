"""The list of rules, and the page on which one is written, tried, changed and switched."""

import json
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import ADMINISTER, MODERATE
from forum.moderation import policy_queries, policy_rules, policy_words, rehearsal, rehearsal_rule
from forum.moderation.articles_queries import number_in
from forum.moderation.matching_patterns import MOST_PATTERNS, RuleError
from forum.moderation.models_policy import Rehearsal, Rule
from forum.moderation.policy import RULE, RULES, RefusedError, StaleError, fields_of
from forum.moderation.policy_forms import RuleForm
from forum.web.paging import page_of
from forum.web.redirects import SeeOther, safe_next

PER_PAGE = 100
CHANGES = 10


@needs(MODERATE)
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All rules by what they do; `?q=` looks in word and label, `?show=` takes some."""
    words, show = request.GET.get("q", "").replace("\0", "").strip()[:200], request.GET.get("show", "")[:10]
    page = page_of(request, policy_queries.listed(words, show), PER_PAGE)
    filters = urlencode({name: value for name, value in (("q", words), ("show", show)) if value})
    held = policy_queries.held_lately(page)
    recent = policy_words.changes().filter(about__startswith=RULE) | policy_words.changes().filter(
        about=RULES
    )
    context = {
        "rows": [(rule, held.get(rule.pk, 0)) for rule in page],
        "page": page,
        "words": words,
        "show": show,
        "effects": Rule.Effect.choices,
        "filters": f"&{filters}" if filters else "",
        "days": policy_queries.DAYS,
        "resting": policy_queries.patterns_resting(),
        "most": MOST_PATTERNS,
        "changes": policy_words.told(list(recent[:CHANGES])),
        "here": "policy",
    }
    return render(request, "moderation/rules.html", context)


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The form of a new rule (GET; `?rehearsal=` fills it with what was tried), trying or saving (POST)."""
    if request.method != "POST":
        tried = _tried(number_in(request.GET.get("rehearsal", "")))
        initial = {"kind": Rule.Kind.WORDS, "effect": Rule.Effect.HOLD}
        if tried is not None:
            initial |= tried.proposal | {"rehearsal": tried.pk, "seen": ""}
        return _form_page(request, RuleForm(initial=initial), tried=tried)
    return _sent(request, RuleForm(request.POST), None)


@needs(ADMINISTER)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, number: int) -> HttpResponse:
    """One rule with its form (GET), trying a change or saving it (POST)."""
    found = get_object_or_404(Rule.objects.select_related("by"), pk=number)
    if request.method != "POST":
        tried = _tried(number_in(request.GET.get("rehearsal", "")))
        initial = fields_of(found) | {"seen": json.dumps(fields_of(found))}
        if tried is not None:
            seen = rehearsal_rule.seen_in(tried, found)
            initial |= tried.proposal | {"rehearsal": tried.pk, "seen": json.dumps(seen)}
        return _form_page(request, RuleForm(initial=initial, rule=found), tried=tried)
    return _sent(request, RuleForm(request.POST, rule=found), found)


@needs(ADMINISTER, back="moderation:rules")
@require_POST
def switch(request: HttpRequest, number: int) -> HttpResponse:
    """Switch a rule on (`active=yes`) or off; 409 with one sentence when somebody was quicker."""
    found = get_object_or_404(Rule, pk=number)
    back = safe_next(request, reverse("moderation:rules"))
    try:
        policy_rules.switch(found.pk, request.POST.get("active") == "yes", request.user)
    except RefusedError as error:
        context = {"message": str(error), "back": back, "here": "policy"}
        return render(request, "moderation/policy_refused.html", context, status=409)
    on = _("“%(rule)s” is on: it looks at every reply from now on.")
    off = _("“%(rule)s” is off. It is kept, and can be switched on again.")
    said = on if request.POST.get("active") == "yes" else off
    messages.success(request, said % {"rule": found})
    return SeeOther(back)


def _sent(request: HttpRequest, form: RuleForm, found: Rule | None) -> HttpResponse:
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if "try" in request.POST:
        proposal = form.said | {"rule": found.pk if found else None, "seen": form.seen_fields()}
        made = rehearsal.start(Rehearsal.Kind.RULE, proposal, request.user)
        rehearsal.run_or_ask(made)
        return SeeOther(reverse("moderation:rehearsal", args=[made.pk]))
    try:
        if found is None:
            saved = policy_rules.add(form.values(), request.user)
        else:
            saved = policy_rules.change(found.pk, form.values(), request.user, seen=form.seen_fields())
    except StaleError:
        return _stale(request, form, found)
    except (RefusedError, RuleError) as error:
        return _form_page(request, form, why_not=str(error), status=422)
    messages.success(request, _saved(saved, _tried(form.cleaned_data["rehearsal"])))
    return SeeOther(reverse("moderation:rules"))


def _saved(rule: Rule, tried: Rehearsal | None) -> str:
    said = _("Saved: “%(rule)s”.") % {"rule": rule}
    if tried is None or not tried.result or not is_of(tried, rule):
        return said
    looked, held = rehearsal_rule.approved_of(tried)
    numbers = {"held": f"{held:,}", "looked": f"{looked:,}"}
    return f"{said} " + _("When it was tried, it found %(held)s of %(looked)s approved comments.") % numbers


def is_of(tried: Rehearsal, rule: Rule) -> bool:
    """Whether what was tried is what a rule says by now."""
    return all(
        tried.proposal.get(name) == value for name, value in fields_of(rule).items() if name != "label"
    )


def _tried(number: int | None) -> Rehearsal | None:
    return Rehearsal.objects.filter(pk=number or 0, kind=Rehearsal.Kind.RULE).first()


def _stale(request: HttpRequest, form: RuleForm, found: Rule) -> HttpResponse:
    """The form as it was sent, upon what the other person has made of the rule, with both differences."""
    now, seen, wanted = fields_of(Rule.objects.get(pk=found.pk)), form.seen_fields(), form.values()
    mine = {name: now[name] if seen.get(name) == wanted[name] else wanted[name] for name in wanted}
    typed = {name: "" if value is None else value for name, value in mine.items() if value is not False}
    again = RuleForm(typed | {"seen": json.dumps(now)}, rule=found)
    last = policy_words.changes().filter(about=f"{RULE}{found.pk}").first()
    context = {
        "stale": True,
        "other": policy_words.rule_lines(seen, now),
        "other_by": last.by if last is not None else None,
        "mine": policy_words.rule_lines(now, mine),
    }
    return _form_page(request, again, status=409, **context)


def _form_page(
    request: HttpRequest,
    form: RuleForm,
    why_not: str = "",
    *,
    tried: Rehearsal | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"form": form, "rule": form.rule, "why_not": why_not, "tried": tried, "here": "policy"}
    if tried is not None and tried.result:
        context["looked"], context["found"] = rehearsal_rule.approved_of(tried)
    if form.rule is not None:
        rows = policy_words.changes().filter(about=f"{RULE}{form.rule.pk}")
        context["changes"] = policy_words.told(list(rows[:CHANGES]))
        context["held"] = policy_queries.held_lately([form.rule]).get(form.rule.pk, 0)
        context["days"] = policy_queries.DAYS
    return render(request, "moderation/rule.html", context | more, status=status)
