"""Every address of the staff, found through the resolver, is shut to others; and no GET changes a row."""

import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, path

import forum.urls
from forum.accounts.models import Role
from forum.importing import files, uploads
from forum.moderation import cases
from forum.moderation.models import Act, Batch, Case
from forum.sources.models import ImportRun
from forum.threads.states import State
from tests.importing.reading_view_samples import page
from tests.make import make_article, make_comment, make_user

GUARDED = ("moderation/", "admin/import/")
CHANGING = re.compile(
    r"moderation/((comments|people)/\d+/notes|people/\d+/stop-trusting|bans/\d+/lift|requests/\d+/attach)/|"
    r"moderation/(policy/undo|articles/\d+/mode|rules/\d+/switch|rehearsals/\d+/cancel)/|"
    r"moderation/(claims/|article-acts/)?(decide|undo|take-back|bulk|lease)/|moderation/batches/[\w-]+/go-on/|"
    r"people/\d+/(un)?mute/|admin/import/\d+/apply/|.+/reply/|"
    r"comments/\d+/change/take-back/|moderation/edits/decide/|moderation/appeals/answer/"
)
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH|REPLACE|TRUNCATE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
NOT_OURS = ("admin/", "accounts/")
SIGN_IN = "/accounts/login/"


def addresses(samples: dict[str, str]) -> list[str]:
    """Every address that the site answers, without the first slash; a sample stands for each variable.

    Django's own admin and allauth's pages are left out.
    """
    routes = {_filled(route, samples) for route in _routes(get_resolver())}
    return sorted(r for r in routes if r.startswith(GUARDED) or not r.startswith(NOT_OURS))


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def _filled(route: str, samples: dict[str, str]) -> str:
    if route.startswith(NOT_OURS) and not route.startswith(GUARDED):
        return route
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: samples[match.group(1)], route)


def open_gates(found: list[str], outsiders: list[Client]) -> list[str]:
    """Guarded addresses that let an outsider further than to sign-in (302), or than nowhere (404)."""
    failures = []
    for address in found:
        for client in outsiders:
            for method in ("get", "post"):
                response = getattr(client, method)(f"/{address}")
                signed_in = hasattr(client, "user")
                sent_away = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
                if response.status_code == 404 if signed_in else sent_away:
                    continue
                who = client.user.username if signed_in else "a visitor"
                failures.append(f"{method.upper()} /{address} as {who}: {response.status_code}")
    return failures


def rows() -> dict[str, list[tuple]]:
    """Everything that stands in the database."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
    }


def changed_by_get(found: list[str], clients: list[Client]) -> list[str]:
    """Addresses whose GET leaves the database other than it was; looked at where it wrote at all."""
    changing, before = [], rows()
    for address in found:
        for client in clients:
            with CaptureQueriesContext(connection) as statements:
                client.get(f"/{address}")
            if not any(WRITES.match(one["sql"]) for one in statements):
                continue
            after = rows()
            changing += [f"/{address} changes {table}" for table in after if after[table] != before[table]]
            before = after
    return changing


@pytest.fixture
def samples(db) -> dict[str, str]:
    """A site where each address has something to answer with."""
    article = make_article(path="/2011/06/14/post/")
    comment = make_comment(article)
    cases.open_case(make_comment(article, "Please wait.", parent=comment, state=State.HELD), Case.Cause.NEW)
    text = page("1.\tAnn says:\n\nThank you for this.\n", heading="1 thought on “Baking bread”")
    given = files.checked("https://bread.example/2012/10/31/baking/", "", "")
    upload = SimpleUploadedFile("page.txt", text.encode())
    planned = uploads.receive(upload, given, "reading-view", make_user("importer", Role.ADMIN))
    done = ImportRun.objects.create(
        state=ImportRun.State.DONE, file_sha256="0" * 64, format="reading-view", started=planned.started
    )
    numbers = {"number": str(planned.pk), "done": str(done.pk), "comment": str(comment.pk)}
    numbers["batch"] = str(Batch.objects.create(act=Act.APPROVE, actor=planned.by, total=1).pk)
    return numbers | {"path": article.path.strip("/"), "token": "a:b:c"}


@pytest.fixture
def everything(samples) -> list[str]:
    """Every address, with the numbers of a planned import, of one that is done, and of a comment."""
    numbers = (samples["number"], samples["done"], samples["comment"])
    return sorted({address for n in numbers for address in addresses(samples | {"number": n})})


def _plant(settings, *patterns: URLPattern) -> None:
    """Put addresses before all others."""
    planted = ModuleType("planted")
    planted.urlpatterns = [*patterns, *forum.urls.urlpatterns]
    settings.ROOT_URLCONF = planted


def test_the_resolver_gives_every_address(everything):
    assert {"", "healthz", "moderation/", "admin/import/", "2011/06/14/post/"} <= set(everything)
    assert "admin/login/" not in everything
    assert not [address for address in everything if "<" in address or "(" in address]


def test_desk_is_shut_to_visitors_and_readers(everything, stranger, ben):
    desk = [address for address in everything if address.startswith("moderation/")]
    failures = open_gates(desk, [stranger, ben])
    assert not failures, "\n".join(["", *failures])


def test_importing_is_shut_to_everybody_but_admins(everything, stranger, ben, mod):
    importing = [address for address in everything if address.startswith("admin/import/")]
    failures = open_gates(importing, [stranger, ben, mod])
    assert not failures, "\n".join(["", *failures])


def test_control_an_open_gate_is_caught(settings, samples, stranger, ben):
    _plant(settings, path("moderation/open/", lambda request: HttpResponse()))
    assert "moderation/open/" in addresses(samples)
    assert len(open_gates(["moderation/open/"], [stranger, ben])) == 4


def test_addresses_that_change_something_refuse_get(everything, boss):
    changing = [address for address in everything if CHANGING.fullmatch(address)]
    assert len(changing) == 48
    for address in changing:
        response = boss.get(f"/{address}")
        assert response.status_code == 405, address
        assert response["Allow"] == "POST"


def test_no_get_changes_a_row(everything, stranger, ben, mod, boss):
    failures = changed_by_get(everything, [stranger, ben, mod, boss])
    assert not failures, "\n".join(["", *failures])


def test_control_a_get_that_writes_is_caught(settings, samples, stranger):
    def count_visit(request):
        make_article("Somebody was here")
        return HttpResponse()

    _plant(settings, path("visits/", count_visit))
    assert changed_by_get(["visits/"], [stranger]) == ["/visits/ changes forum.Article"]


@pytest.mark.parametrize("path", ["/admin/", "/admin/forum/user/", "/admin/forum/sitepolicy/"])
def test_django_admin_is_shut_to_moderators_and_readers(path, mod, ben, boss):
    assert boss.get(path).status_code == 200
    for client in (mod, ben):
        response = client.get(path, follow=True)
        assert response.status_code in {403, 404}
        assert "Settings and records" not in response.content.decode()


def test_django_admin_sends_visitors_to_the_one_sign_in(db, stranger):
    response = stranger.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(SIGN_IN)
