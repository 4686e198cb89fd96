"""A site with a word of its own in everything that is not for everybody, and a crawl of all its addresses.

Every route that the resolver knows is asked, so that a page which somebody adds is looked at as well.
"""

import os
import re
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Address, Author, User
from forum.accounts.viewer import OWN_COOKIE
from forum.articles.models import Article
from forum.moderation import cases, decisions
from forum.moderation.models import Act, Batch, Case, Claim
from forum.moderation.models_people import Note
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.models_requests import Appeal, Report, TakeDown
from forum.moderation.rules import Hit
from forum.site.models import SitePolicy
from forum.sources.models import ImportRun
from forum.threads.models import Comment, Revision
from forum.threads.states import State
from tests.make import load_comments, make_article, make_comment, make_user
from tests.rules import doors
from tests.rules.test_doors import filled, routes

IP = "203.0.113.77"
STATES = ("held", "rejected", "spam", "removed", "withdrawn")
PLACES = (*STATES, "of an account", "under a removed parent", "on a hidden article", "on a draft")
ACTS = {State.REJECTED: Act.REJECT, State.SPAM: Act.SPAM, State.REMOVED: Act.REMOVE}
# What nobody but an admin may read, on whatever page: moderators see neither address nor network address.
PRIVATE = ("canarymail", "canaryagent", "canaryfile", IP)
ASKED = ("?page=2", "?sort=newest", "?q=canary", "?email=canarymail", "?after=1.1.1&state=held")
MOST_ASKED = None if os.environ.get("AFTERWORD_FULL") else 2
NOT_OURS = ("/accounts/", "/admin/")  # pages of libraries, with tokens in many places
_CLOCK = re.compile(r"\w{3}, \d\d[ -]\w{3}[ -]\d{4} \d\d:\d\d:\d\d GMT")
_FORM = re.compile(r'<input[^>]*name="(?:csrfmiddlewaretoken|form_\w+|opened)"[^>]*>')


@dataclass
class Site:
    """Three articles, one of them public, and what nobody should find."""

    open: Article
    hidden: Article
    draft: Article
    canaries: dict[str, Comment] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    batch: str = "00000000-0000-4000-8000-000000000000"

    @property
    def articles(self) -> list[Article]:
        """All three."""
        return [self.open, self.hidden, self.draft]

    def addresses(self, asked: tuple[str, ...] = ASKED) -> list[str]:
        """Every address of every route, with what a visitor may ask of those that everybody may enter.

        Of a route with numbers the first two are asked that, one public and one not; for a release all.
        """
        values = _Samples(token="a:b:c", pk="1", batch=self.batch)
        found = ["/nothing/here/", "/robots.txt", "/feed/", "/sitemap.xml", "/admin/", "/api/v1/comments/"]
        for route in sorted(routes()):
            plain = [filled(route, values | one) for one in self._of(route)]
            found += plain
            if doors.POLICY_OF.get(route) == "everybody":
                found += [f"{address}{query}" for address in plain[:MOST_ASKED] for query in asked]
        for comment in self.numbers["comments"]:
            found += [f"{article.path}?replytocom={comment}" for article in self.articles]
        return list(dict.fromkeys(found))

    def _of(self, route: str) -> list[dict[str, str]]:
        """With which numbers and paths a route is asked."""
        if "<path:" in route:
            return [{"path": article.path.strip("/")} for article in self.articles]
        if "<int:number>" not in route:
            return [{}]
        kinds = ("comments", "people", "articles")
        kind = next((kind for kind in kinds if f"{kind}/<int" in route), "others")
        return [{"number": str(number)} for number in self.numbers[kind]]


class _Samples(dict):
    """What stands for the variables of routes; for one that nobody has named here, 1."""

    def __missing__(self, _name: str) -> str:
        return "1"

    def __or__(self, other: dict) -> "_Samples":
        return _Samples({**self, **other})


def word(what: str, place: str) -> str:
    """A word that stands in one part of one canary and nowhere else."""
    return f"canary{what}{place.replace(' ', '')}"


def public_part() -> Site:
    """What everybody may read: an article with comments, one of them on a page of its own."""
    SitePolicy.objects.create(pk=1, roots_per_page=3, public_log=True, rules_key="canaries")
    articles = [make_article(title) for title in ("Open post", "canarytitlehidden", "canarytitledraft")]
    site = Site(*articles)
    load_comments(site.open, [None, 0, None, None])
    make_comment(site.open, "Said in public.", name="Kim", author=make_user("kim").author)
    Article.objects.filter(pk=site.hidden.pk).update(state=Article.State.HIDDEN)
    Article.objects.filter(pk=site.draft.pk).update(state=Article.State.DRAFT)
    last = Comment.objects.latest("pk").pk
    site.numbers = {
        "comments": list(range(last, last + len(PLACES) + 2)),
        "people": [Author.objects.latest("pk").pk + n for n in range(4)],
        "articles": [article.pk for article in articles],
        "others": [1],
    }
    return site


def private_part(site: Site, mod: User) -> None:
    """A canary of every kind in every place, written as the site writes them."""
    kim = User.objects.get(username="kim")
    for place in STATES:
        _put(site, place, site.open, State(place), mod)
    _put(site, "of an account", site.open, State.HELD, mod, author=kim.author)
    parent = make_comment(site.open, "canarybodyparent", name="canarynameparent")
    _put(site, "under a removed parent", site.open, State.HELD, mod, parent=parent)
    decisions.decide(Act.REMOVE, parent.pk, mod)
    for place, article in (("on a hidden article", site.hidden), ("on a draft", site.draft)):
        _put(site, place, article, State.VISIBLE, mod)
    _add_requests(site, mod)
    site.batch = str(Batch.objects.create(act=Act.APPROVE, actor=mod, total=1, note="canarybatch").pk)
    said = {"file_name": "canaryfile.xml", "file_sha256": "0" * 64, "format": "wxr"}
    ImportRun.objects.create(state=ImportRun.State.DONE, started=timezone.now(), **said)


def _put(site: Site, place: str, article: Article, state: State, mod: User, **more) -> None:
    begins = State.VISIBLE if state in {State.VISIBLE, State.REMOVED} else State.HELD
    begins = state if state == State.WITHDRAWN else begins
    private = {"email": f"{word('mail', place)}@x.example", "ip": IP, "user_agent": word("agent", place)}
    values = {"name": word("name", place), "state": begins} | private
    comment = make_comment(article, word("body", place), **(values | more))
    if begins == State.HELD:
        hit = Hit("rule-1", word("matched", place), label="canaryrulelabel")
        cases.open_case(comment, Case.Cause.NEW, [hit])
    if state in ACTS:
        why = decisions.Grounds(reason=word("reason", place), note=word("note", place))
        decisions.decide(ACTS[state], comment.pk, mod, grounds=why)
    site.canaries[place] = Comment.objects.get(pk=comment.pk)


def _add_requests(site: Site, mod: User) -> None:
    """What readers and authors asked of the desk, and what the desk wrote down."""
    rejected, shown = site.canaries["rejected"], Comment.objects.get(body_source="Said in public.")
    case = cases.open_case(shown, Case.Cause.REPORTS)
    Report.objects.create(case=case, trace="t", reason="harm", text="canaryreport")
    Appeal.objects.create(decision=rejected.decisions.get(), text="canaryappealrejected")
    cases.open_case(rejected, Case.Cause.APPEAL)
    asks = {"text": "canarytakedown", "name": "canaryasker", "email": "canaryasker@x.example"}
    TakeDown.objects.create(comment=shown, wish="erase", **asks)
    cases.open_case(shown, Case.Cause.TAKEDOWN)
    texts = (("canaryold", "published"), (shown.body_source, "published"), ("canarywaiting", "waiting"))
    for n, (text, state) in enumerate(texts, start=1):
        Revision.objects.create(comment=shown, n=n, body_source=text, body_html=f"<p>{text}</p>", state=state)
    cases.open_case(shown, Case.Cause.EDIT)
    Note.objects.create(comment=shown, by=mod, text="canarynotecomment")
    Note.objects.create(author=shown.author, by=mod, text="canarynoteperson")
    Claim.objects.create(comment=shown, by=mod, text="canaryclaim")
    Rule.objects.create(kind="words", text="canaryrule", label="canaryrulelabel")
    changed = {"before": {"text": "canaryrule"}, "after": {"text": "canaryrulenew"}}
    PolicyChange.objects.create(about="rule-1", **changed)
    author = Author.objects.create(kind="guest", name="Gil")
    Address.objects.create(author=author, email="canarymail@x.example")


def crawl(client: Client, addresses: list[str]) -> dict[str, str]:
    """Everything that every address answers: status, headers, cookies and body."""
    return {address: _whole(client.get(address), address) for address in addresses}


def _whole(answer: HttpResponse, address: str) -> str:
    assert answer.status_code < 500, address
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{answer.status_code}\n{head}\n{answer.cookies}\n{content.decode(errors='replace')}"


def leaks(
    answers: dict[str, str], *, allowed: tuple[str, ...] = (), signs: tuple[str, ...] = ("canary", IP)
) -> list[tuple[str, str]]:
    """Where something stands that is not allowed there; what was asked for does not count."""
    found = []
    for address, said in answers.items():
        for one in (*allowed, "q=canary", "email=canarymail", "q%3Dcanary", "email%3Dcanarymail"):
            said = said.replace(one, "")
        found += [(address, sign) for sign in signs if sign in said]
    return found


def steady(answers: dict[str, str]) -> dict[str, str]:
    """Answers without what differs each time: tokens, the clock in headers, what a form knows of time."""
    ours = {address: said for address, said in answers.items() if not address.startswith(NOT_OURS)}
    return {address: _CLOCK.sub("", _FORM.sub("", said)) for address, said in ours.items()}


def author_of(*comments: Comment) -> Client:
    """The browser that wrote these comments."""
    client = Client()
    client.cookies[OWN_COOKIE] = ".".join(comment.own_key for comment in comments)
    return client
