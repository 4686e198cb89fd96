"""Figure LK1 in small: what may not be seen appears on no public address, cold or after others were there."""

from dataclasses import dataclass, field

import pytest
from django.test import Client

from forum.accounts.viewer import OWN_COOKIE
from forum.articles.models import Article
from forum.moderation import decisions
from forum.moderation.models import Act
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import State
from tests.make import load_comments, make_article, make_comment, without_stamp

pytestmark = pytest.mark.django_db
IP = "203.0.113.77"
PLACES = ("held", "rejected", "spam", "removed", "withdrawn", "under a removed parent", "on a hidden article")
ACTS = {State.REJECTED: Act.REJECT, State.SPAM: Act.SPAM, State.REMOVED: Act.REMOVE}


@dataclass
class Site:
    """A site with canaries in it: comments that nobody but their author may see."""

    open: Article
    hidden: Article
    canaries: dict[str, Comment] = field(default_factory=dict)

    def addresses(self) -> list[str]:
        """Every public address, and those that the canaries would have."""
        paths = [self.open.path, self.hidden.path]
        found = ["/", "/?page=2", "/healthz", "/nothing/here/", "/accounts/login/", "/accounts/signup/"]
        found += ["/feed/", "/comments/feed/", "/search/?q=canary", "/sitemap.xml", "/api/v1/", "/robots.txt"]
        for path in paths:
            found += [path, f"{path}?page=2", f"{path}?sort=newest", f"{path}feed/", f"{path}reply/"]
        for comment in Comment.objects.order_by("pk"):
            found += [f"/comments/{comment.pk}/", f"/moderation/comments/{comment.pk}/"]
            found += [f"{path}?replytocom={comment.pk}" for path in paths]
        return found


def word(what: str, place: str) -> str:
    """A word that stands in one part of one canary and nowhere else."""
    return f"canary{what}{place.replace(' ', '')}"


def put(site: Site, place: str, article: Article, state: State, parent: Comment | None = None) -> None:
    """Write a canary, by a decision with its grounds where one leads to the state."""
    begins = State.VISIBLE if state in {State.VISIBLE, State.REMOVED} else State.HELD
    private = {"email": f"{word('mail', place)}@x.example", "ip": IP, "user_agent": word("agent", place)}
    begins = state if state == State.WITHDRAWN else begins
    comment = make_comment(
        article, word("body", place), name=word("name", place), state=begins, parent=parent, **private
    )
    if state in ACTS:
        why = decisions.Grounds(reason=word("reason", place), note=word("note", place))
        decisions.decide(ACTS[state], comment.pk, None, grounds=why)
    site.canaries[place] = Comment.objects.get(pk=comment.pk)


@pytest.fixture
def site(db) -> Site:
    """Two articles, one of them hidden, with visible comments and a canary of every kind."""
    SitePolicy.objects.create(pk=1, roots_per_page=3)
    site = Site(make_article("Open post"), make_article("canarytitle"))
    load_comments(site.open, [None, 0, None, None])
    for place in ("held", "rejected", "spam", "removed", "withdrawn"):
        put(site, place, site.open, State(place))
    parent = make_comment(site.open, "canarybodyparent", name="canarynameparent")
    put(site, "under a removed parent", site.open, State.HELD, parent)
    decisions.decide(Act.REMOVE, parent.pk, None)
    put(site, "on a hidden article", site.hidden, State.VISIBLE)
    Article.objects.filter(pk=site.hidden.pk).update(state=Article.State.HIDDEN)
    return site


def crawl(client: Client, site: Site) -> dict[str, str]:
    """Everything that every address answers: status, headers, cookies and body."""
    answers = {}
    for address in site.addresses():
        answer = client.get(address)
        assert answer.status_code < 500, address
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        answers[address] = (
            f"{answer.status_code}\n{head}\n{answer.cookies}\n{without_stamp(answer.content.decode())}"
        )
    return answers


def leaks(answers: dict[str, str], *, allowed: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Where something of a canary stands that is not allowed there; the words asked for do not count."""
    found = []
    for address, said in answers.items():
        for one in (*allowed, "q=canary"):
            said = said.replace(one, "")
        found += [(address, sign) for sign in ("canary", IP) if sign in said]
    return found


def author_of(*comments: Comment) -> Client:
    """The browser that wrote these comments."""
    client = Client()
    client.cookies[OWN_COOKIE] = ".".join(comment.own_key for comment in comments)
    return client


def test_figure_lk1_strangers_and_readers_find_no_canary_cold_or_warm(site, stranger, ben, mod):
    cold = crawl(stranger, site)
    assert leaks(cold) == []
    assert leaks(crawl(ben, site)) == []
    crawl(mod, site)
    crawl(author_of(*site.canaries.values()), site)
    assert leaks(crawl(ben, site)) == []
    warm = crawl(Client(), site)
    assert leaks(warm) == []
    shared = [path for path in warm if "/accounts/" not in path and "/moderation/" not in path]
    assert {path: warm[path] for path in shared} == {path: cold[path] for path in shared}


@pytest.mark.parametrize("place", PLACES)
def test_figure_lk1_an_author_sees_the_own_words_only_and_no_address(site, place):
    own = (word("body", place), word("name", place))
    answers = crawl(author_of(site.canaries[place]), site)
    assert leaks(answers, allowed=own) == []
    seen = any(own[0] in said for said in answers.values())
    assert seen == (place not in {"withdrawn", "on a hidden article"})


def test_figure_lk1_no_key_of_an_own_comment_stands_on_any_page(site, ben):
    keys = list(Comment.objects.exclude(own_key=None).values_list("own_key", flat=True))
    said = "".join(crawl(ben, site).values()) + "".join(crawl(Client(), site).values())
    assert [key for key in keys if key in said] == []


def test_figure_lk1_a_canary_is_answered_as_a_number_that_never_was(site, stranger, ben):
    never = Comment.objects.latest("pk").pk + 1
    for client in (stranger, ben):
        for comment in site.canaries.values():
            for address in ("/comments/{}/", site.open.path + "?replytocom={}"):
                asked, unknown = client.get(address.format(comment.pk)), client.get(address.format(never))
                assert asked.status_code == unknown.status_code
                assert without_form_key(asked) == without_form_key(unknown)


def without_form_key(answer) -> str:
    """The page without what differs on each visit of somebody signed in: form key and token."""
    lines = without_stamp(answer.content.decode()).splitlines()
    return "\n".join(line for line in lines if "form_key" not in line and "csrfmiddleware" not in line)


def test_figure_lk1_a_site_without_the_canaries_looks_the_same(site, stranger):
    addresses = ["/", site.open.path, f"{site.open.path}?page=2", "/nothing/here/"]
    with_them = [without_stamp(stranger.get(address).content.decode()) for address in addresses]
    Comment.objects.filter(pk__in=[comment.pk for comment in site.canaries.values()]).update(state="rejected")
    Comment.objects.filter(article=site.hidden).update(state="rejected")
    without = [without_stamp(stranger.get(address).content.decode()) for address in addresses]
    assert without == with_them
    article = Article.objects.get(pk=site.open.pk)
    assert (article.comment_count, article.root_count) == (4, 3)


def test_figure_lk1_control_with_the_gate_open_the_canaries_leak(site, stranger, monkeypatch):
    monkeypatch.setattr(CommentQuerySet, "visible_to", lambda rows, _viewer: rows)
    monkeypatch.setattr(CommentQuerySet, "readable_by", lambda rows, _viewer: rows)
    monkeypatch.setattr(Comment, "is_gone", False)
    found = leaks(crawl(stranger, site))
    assert any(address.startswith(site.open.path) for address, _sign in found)
    number = site.canaries["held"].pk
    assert stranger.get(f"/comments/{number}/").status_code == 302


def test_figure_lk1_control_an_approved_canary_is_seen(site, stranger):
    decisions.decide(Act.APPROVE, site.canaries["held"].pk, None)
    found = {address for address, _sign in leaks(crawl(stranger, site))}
    assert f"{site.open.path}?page=2" in found
