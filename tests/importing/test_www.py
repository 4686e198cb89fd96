"""A blog with `www.` before its address and the same without are one blog."""

import json

import pytest
from django.core.management import call_command

from forum.accounts.models import Author, AuthorKey
from forum.articles.models import Article, Blog
from forum.importing import identity
from forum.importing.records import ArchivedArticle
from forum.sources.models import SourceItem
from forum.threads import tree
from forum.threads.models import Comment
from tests.importing.test_load import TEXT
from tests.importing.test_missing_parents import pin
from tests.importing.wxr import samples

pytestmark = pytest.mark.django_db
EXPORT = samples.wxr(samples.item(samples.comment("1", user_id="5"), samples.comment("2", "1")))
WITH_WWW = EXPORT.replace("//blog.example", "//www.blog.example")
PAIRS = [(EXPORT, WITH_WWW), (WITH_WWW, EXPORT)]


@pytest.fixture
def give(tmp_path, capsys):
    """Import a text and return the report."""

    def given(text: str, name="export.xml", **options) -> dict:
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        capsys.readouterr()
        call_command("import_archive", str(file), json=True, **options)
        return json.loads(capsys.readouterr().out)

    return given


def rows() -> list:
    models = (Blog, Article, Comment, SourceItem, Author, AuthorKey)
    return [list(model.objects.order_by("pk").values()) for model in models]


def store_as_before(spelling: str) -> None:
    """Turn what is stored into what an earlier version stored: with the `www.` of the address."""
    for model in (SourceItem, AuthorKey):
        model.objects.update(host=spelling, blog=spelling)
    Blog.objects.update(host=spelling)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_an_export_with_the_other_spelling_changes_nothing(give, first, second):
    assert give(first)["created"] == 3
    before = rows()
    assert give(second)["unchanged"] == 3
    assert rows() == before
    assert Blog.objects.get().host == "blog.example"


@pytest.mark.parametrize("text", [EXPORT, WITH_WWW])
def test_a_blog_that_was_stored_with_www_is_found(give, text):
    give(EXPORT)
    store_as_before("www.blog.example")
    before = rows()
    assert give(text)["unchanged"] == 3
    assert rows() == before
    more = text.replace("</item>", samples.comment("3", "2", user_id="5") + "</item>")
    assert give(more)["created"] == 1
    assert (Blog.objects.count(), Article.objects.count(), Comment.objects.count()) == (1, 1, 3)
    assert Author.objects.filter(kind=Author.Kind.ARCHIVED).count() == 1
    assert tree.broken(Article.objects.get().pk) == []
    assert give(more)["unchanged"] == 4


def test_control_when_spellings_are_told_apart_it_is_there_twice(give, monkeypatch):
    give(EXPORT)
    store_as_before("www.blog.example")
    monkeypatch.setattr(identity, "spellings", lambda name: [name])
    give(EXPORT)
    assert (Blog.objects.count(), Article.objects.count(), Comment.objects.count()) == (2, 2, 4)


def test_a_blog_that_is_stored_under_both_stays_as_it_is(give):
    give(EXPORT)
    store_as_before("www.blog.example")
    other = Blog.objects.create(system="wordpress", host="blog.example")
    article = Article.objects.create(blog=other, path="/again/", title="A post", state="published")
    for item in SourceItem.objects.filter(kind="article"):
        again = {"system": item.system, "host": "blog.example", "blog": "blog.example", "kind": item.kind}
        SourceItem.objects.create(**again, key=item.key, content_hash="", article=article)
    before = rows()
    for text in (EXPORT, WITH_WWW):
        assert give(text)["unchanged"] == 3
    assert rows() == before


@pytest.mark.parametrize(("first", "second"), [("www.", ""), ("", "www.")])
def test_a_text_with_the_other_spelling_is_the_same_post(give, first, second):
    address = "https://{}stillwaters.example/2011/06/14/cups/"
    assert give(TEXT, "cups.txt", url=address.format(first))["created"] == 4
    assert give(TEXT, "cups.txt", url=address.format(second))["unchanged"] == 4
    assert Article.objects.count() == 1


def test_a_correction_of_one_spelling_holds_for_the_other(give, tmp_path):
    give(EXPORT)
    store_as_before("www.blog.example")
    pin(tmp_path, WITH_WWW, "2", "move", "top")
    assert give(EXPORT)["updated"] == 1
    assert not Comment.objects.exclude(parent=None).exists()
    assert SourceItem.objects.count() == 3


def test_both_spellings_in_one_run_are_one_post(tmp_path, capsys):
    for name, text in (("a.xml", EXPORT), ("b.xml", WITH_WWW)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    call_command("import_archive", str(tmp_path), json=True)
    counts = json.loads(capsys.readouterr().out)
    assert (counts["created"], counts["skipped"]) == (3, 3)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("www.blog.example", "blog.example"),
        ("www.blog.example/de", "blog.example/de"),
        ("blog.example", "blog.example"),
        ("www.example", "www.example"),
        ("wwwhere.example", "wwwhere.example"),
        ("77", "77"),
        ("", ""),
    ],
)
def test_what_is_the_same_blog(name, bare):
    assert identity.without_www(name) == bare
    assert identity.blog_of(ArchivedArticle("", "", blog_id=name)) == bare
    assert name in identity.spellings(bare)


def test_other_hosts_stay_other_blogs(give):
    give(EXPORT)
    give(EXPORT.replace("//blog.example", "//www.other.example"))
    assert (Blog.objects.count(), Article.objects.count()) == (2, 2)
