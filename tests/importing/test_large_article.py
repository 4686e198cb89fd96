"""An article with more comments than a transaction takes: thread by thread, and unseen until it is whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from forum.articles.models import Article
from forum.importing import files, keep, load, load_batches, match, plan
from forum.importing.records import Given
from forum.sources.models import ImportRun, SourceItem
from forum.threads import check, tree, writing
from forum.threads.models import Comment
from tests.importing import make_wxr

pytestmark = pytest.mark.django_db
THREADS, PORTION = 9, 8


def post(threads: int = THREADS, first: int = 0) -> make_wxr.Post:
    """A post whose threads have three comments each: a root, a reply, and a reply to that."""
    comments = []
    for thread in range(first, threads):
        root = 1001 + 3 * thread
        for number, parent in ((root, 0), (root + 1, root), (root + 2, root + 1)):
            comments.append(make_wxr.Words(number, parent, f"Words {number}."))
    return make_wxr.Post(1, "What is said.", comments)


@pytest.fixture(autouse=True)
def _small_portions(monkeypatch):
    monkeypatch.setattr(load_batches, "PORTION", PORTION)
    monkeypatch.setattr(match, "ROWS", PORTION)


@pytest.fixture
def planned(tmp_path):
    def made(given=None, shuffled=None):
        path = make_wxr.write(tmp_path / "export.xml", [given or post()], shuffled)
        found = files.sources([str(path)], Given())
        archive = plan.read_archive(found)
        return archive, load.start_run(archive, keep.keep_all(found))

    return made


@pytest.fixture
def seen(monkeypatch, client):
    """What the public finds at the article's address after each portion: status, then words by thread."""
    found = []
    write_part = load_batches._write_part

    def look(*args, **more):
        write_part(*args, **more)
        answer = client.get("/2014/03/05/post-1/")
        page = answer.content.decode()
        whole = [
            sum(f"Words {1001 + 3 * thread + n}." in page for n in range(3)) for thread in range(THREADS + 4)
        ]
        found.append((answer.status_code, whole))

    monkeypatch.setattr(load_batches, "_write_part", look)
    return found


def rows():
    said = ("body_source", "parent__body_source", "level", "lft", "rght")
    return list(Comment.objects.in_reading_order().values_list(*said))


def sound():
    article = Article.objects.get()
    assert (tree.broken(article.pk), check.examine(article.pk)) == ([], [])
    return article


def test_a_new_one_is_seen_by_nobody_until_all_its_threads_are_there(planned, seen, client):
    counts = load.apply(*planned())
    assert (counts["created"], counts["items"]) == (1 + 3 * THREADS, 1 + 3 * THREADS)
    assert [status for status, _whole in seen] == [404] * 5 + [200]
    article = sound()
    assert (article.state, article.comment_count, article.root_count) == ("published", 27, THREADS)
    assert client.get("/2014/03/05/post-1/").status_code == 200


def test_on_one_that_is_read_already_each_thread_appears_whole(planned, seen):
    load.apply(*planned(post(4)))
    seen.clear()
    load.apply(*planned(post(THREADS + 4)))
    assert {status for status, _whole in seen} == {200}
    assert {n for _status, whole in seen for n in whole} == {0, 3}
    assert [sum(whole) for _status, whole in seen][0] == 12
    assert seen[-1][1] == [3] * (THREADS + 4)
    sound()


def test_control_portions_that_cut_threads_would_be_noticed(planned, seen, monkeypatch):
    def cut(planned):
        for start in range(0, len(planned.comments), 4):
            yield load_batches.replace(planned, comments=planned.comments[start : start + 4])

    load.apply(*planned(post(4)))
    seen.clear()
    monkeypatch.setattr(load_batches, "_portions", cut)
    load.apply(*planned(post(THREADS + 4)))
    assert {n for _status, whole in seen for n in whole} - {0, 3}


def test_portions_give_what_one_go_gives(planned, monkeypatch):
    load.apply(*planned(shuffled=3))
    in_portions, ledger = rows(), list(ImportRun.objects.get().ledger.values_list("n", "source_id"))
    Comment.objects.filter(level=2).delete()
    Comment.objects.filter(level=1).delete()
    Comment.objects.all().delete()
    Article.objects.all().delete()
    SourceItem.objects.all().delete()
    ImportRun.objects.all().delete()
    monkeypatch.setattr(load_batches, "PORTION", 1000)
    load.apply(*planned(shuffled=3))
    assert rows() == in_portions
    assert list(ImportRun.objects.get().ledger.values_list("n", "source_id")) == ledger


@pytest.mark.parametrize("portions", range(6))
def test_figure_i1_broken_off_within_it_goes_on_where_its_ledger_ends(planned, monkeypatch, portions):
    archive, run = planned()
    write_part, done = load_batches._write_part, []

    def break_off(*args, **more):
        if len(done) == portions:
            raise SystemExit("killed")
        done.append(args)
        write_part(*args, **more)

    with monkeypatch.context() as broken:
        broken.setattr(load_batches, "_write_part", break_off)
        with pytest.raises(SystemExit):
            load.apply(archive, run)
    assert not Article.objects.exclude(state="loading").exists()
    before = dict(Comment.objects.values_list("body_source", "pk"))
    counts = load.apply(load.read_again(run), run)
    assert (counts["created"], counts["items"], run.ledger.count()) == (28, 28, 28)
    assert sound().state == "published"
    after = dict(Comment.objects.values_list("body_source", "pk"))
    assert len(after) == 27
    assert before.items() <= after.items()


def test_another_run_of_the_same_file_lets_it_be_seen_too(planned, monkeypatch):
    archive, run = planned()
    with monkeypatch.context() as broken:
        broken.setattr(load_batches.load_articles, "publish", lambda planned: None)
        load.apply(archive, run)
    assert Article.objects.get().state == "loading"
    counts = load.apply(*planned())
    assert counts["unchanged"] == 28
    assert sound().state == "published"


def test_replies_that_come_in_the_middle_stay_where_they_are(planned, monkeypatch):
    load.apply(*planned(post(4)))
    root = Comment.objects.get(body_html="<p>Words 1004.</p>")
    article = Article.objects.get()
    with tree.locked(article.pk):
        live = writing.add(article, root.pk, writing.Draft("Live words.", "Vera"), "visible")
    load.apply(*planned(post(THREADS)))
    sound()
    live.refresh_from_db()
    assert (live.parent_id, live.level) == (root.pk, 1)


def test_statements_of_a_portion_do_not_grow_with_the_article(planned, monkeypatch):
    monkeypatch.setattr(load_batches, "PORTION", 12)
    counted = {}
    for threads in (20, 60):
        archive, run = planned(post(threads, first=threads - 20))
        with CaptureQueriesContext(connection) as queries:
            load.apply(archive, run)
        counted[threads] = len(queries)
    assert counted[60] <= counted[20] + 3
