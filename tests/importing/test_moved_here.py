"""What the desk has moved, merged and corrected outlives an import; and an import's undo breaks no tree."""

import pytest

from forum.articles.models import Article, ArticleAct
from forum.importing import files, keep, load, plan, undo
from forum.importing.records import Given
from forum.moderation import articles_correct, articles_merge, articles_move, articles_undo
from forum.moderation.articles_move import Target
from forum.sources.models import ImportRun, LedgerLine, SourceItem
from forum.threads.models import Comment
from tests.importing import make_wxr
from tests.make import make_comment, make_user
from tests.threads.test_move import assert_sound, counters, order

pytestmark = pytest.mark.django_db
DESK = "desk"


@pytest.fixture
def give(tmp_path):
    """Import posts as a WordPress export; returns outcome and code of each item that is not unchanged."""

    def given(posts: list[make_wxr.Post]) -> dict[str, tuple[str, str]]:
        file = make_wxr.write(tmp_path / "export.xml", posts)
        sources = list(files.sources([str(file)], Given()))
        archive = plan.read_archive(sources)
        run = load.start_run(archive, keep.keep_all(files.sources([str(file)], Given())))
        load.apply(archive, run)
        assert_sound(*Article.objects.all())
        lines = LedgerLine.objects.filter(run=run).exclude(outcome="unchanged")
        return {line.source_id: (line.outcome, line.code) for line in lines}

    return given


@pytest.fixture
def posts() -> list[make_wxr.Post]:
    """Two posts: 1001 with 1002, which 1003 answers, and 1004; 2001 alone."""
    words = make_wxr.Words
    first = [words(1001, 0, "One."), words(1002, 1001, "Two."), words(1003, 1002, "Three.")]
    first.append(words(1004, 0, "Four."))
    return [make_wxr.Post(1, "First.", first), make_wxr.Post(2, "Second.", [words(2001, 0, "Else.")])]


@pytest.fixture
def user(db):
    """Somebody of the desk."""
    return make_user(DESK, "moderator")


def row(number: int) -> Comment:
    return SourceItem.objects.get(kind="comment", key=f"id:{number}").comment


def article(number: int) -> Article:
    return SourceItem.objects.get(kind="article", key=f"id:{number}").article


def all_orders() -> list:
    return [(order(one), counters(one), one.state) for one in Article.objects.order_by("pk")]


def act_on(how: str, user) -> None:
    """One of the desk's acts on the first post."""
    acts = {
        "under": lambda: articles_move.move(row(1002).pk, Target(parent=row(1004).pk), user),
        "root": lambda: articles_move.move(row(1002).pk, Target(), user),
        "elsewhere": lambda: articles_move.move(row(1002).pk, Target(article=article(2).pk), user),
        "merged": lambda: articles_merge.merge(article(1).pk, article(2).pk, user),
    }
    acts[how]()


HOWS = ["under", "root", "elsewhere", "merged"]


@pytest.mark.parametrize("how", HOWS)
def test_a_second_import_says_unchanged_and_moves_nothing_back(give, posts, user, how):
    give(posts)
    act_on(how, user)
    before = all_orders()
    recovered = Article.objects.order_by("pk").values_list("pk", "recovered")
    found = list(recovered)
    assert give(posts) == {}
    assert all_orders() == before
    # Something new beside it has the whole thread written; the rest stays where it was put.
    longer = [posts[0], make_wxr.Post(2, "Second.", [*posts[1].comments, make_wxr.Words(2002, 0, "New.")])]
    assert give(longer) == {"2002": ("created", "")}
    assert list(recovered.all()) == [(pk, n + 1 if pk == article(2).pk else n) for pk, n in found]


@pytest.mark.parametrize("how", ["under", "root", "elsewhere"])
def test_new_words_in_the_same_post_move_nothing_back(give, posts, user, how):
    give(posts)
    act_on(how, user)
    before = {n: (row(n).article_id, row(n).parent_id) for n in (1001, 1002, 1003, 1004, 2001)}
    first = make_wxr.Post(1, "First.", [*posts[0].comments, make_wxr.Words(1005, 1004, "Five.")])
    assert give([first, posts[1]]) == {"1005": ("created", "")}
    assert {n: (row(n).article_id, row(n).parent_id) for n in before} == before
    assert row(1005).parent_id == row(1004).pk
    assert article(1).recovered == 5


def test_control_without_the_mark_a_changed_thread_is_moved_back(give, posts, user):
    give(posts)
    act_on("under", user)
    Comment.objects.update(placed_at=None)
    first = make_wxr.Post(1, "First.", [*posts[0].comments, make_wxr.Words(1005, 1004, "Five.")])
    give([first, posts[1]])
    assert row(1002).parent_id == row(1001).pk


@pytest.mark.parametrize("how", ["under", "elsewhere"])
def test_what_its_source_says_otherwise_by_now_waits_for_the_desk_in_every_run(give, posts, user, how):
    give(posts)
    act_on(how, user)
    before = all_orders()
    edited = [posts[0].edited(1002, "Two, edited."), posts[1]]
    for _run in range(2):
        assert give(edited) == {"1002": ("needs_review", "moved_here")}
        assert all_orders() == before
        assert "edited" not in row(1002).body_source


@pytest.mark.parametrize(("how", "code"), [("elsewhere", "parent_moved"), ("merged", "merged_here")])
def test_a_new_comment_that_belongs_elsewhere_by_now_waits_for_the_desk(give, posts, user, how, code):
    give(posts)
    act_on(how, user)
    first = make_wxr.Post(1, "First.", [*posts[0].comments, make_wxr.Words(1005, 1003, "Five.")])
    assert give([first, posts[1]]) == {"1005": ("needs_review", code)}
    assert (row(1005).state, row(1005).article, row(1005).parent) == ("held", article(1), None)
    assert list(row(1005).cases.values_list("cause", "closed")) == [("import", None)]
    assert give([first, posts[1]]) == {}
    # The desk puts it where it belongs, and there it stays.
    articles_move.move(row(1005).pk, Target(parent=row(1003).pk), user)
    assert give([first, posts[1]]) == {}
    assert row(1005).parent == row(1003)


def correct(one: Article, user, **said) -> ArticleAct:
    known = {"title": one.title, "published_at": one.published_at, "date_precision": one.date_precision}
    wanted = articles_correct.Correction(**(known | {"body": one.body_source} | said))
    return articles_correct.correct(one.pk, wanted, user, version=one.version)


@pytest.mark.parametrize("field", ["title", "published_at", "body"])
def test_a_corrected_article_is_not_written_over(give, posts, user, field):
    give(posts)
    one = article(1)
    moment = one.published_at.replace(year=2001)
    act = correct(one, user, **{field: moment if field == "published_at" else "Corrected."})
    before = Article.objects.filter(pk=one.pk).values().get()
    assert give(posts) == {}
    edited = [make_wxr.Post(1, "First, edited.", posts[0].comments), posts[1]]
    outcomes = set(give(edited).values())
    assert outcomes == {("needs_review", "changed_here")}
    after = Article.objects.filter(pk=one.pk).values().get()
    assert {k: after[k] for k in after if k != "discussion_version"} == {
        k: before[k] for k in before if k != "discussion_version"
    }
    # Taken back, it is the source's again.
    articles_undo.undo(act.pk, user)
    assert {outcome for outcome, _code in give(edited).values()} == {"updated"}
    assert "First, edited." in article(1).body_source


@pytest.mark.parametrize("how", HOWS)
def test_undo_and_redo_of_an_import_break_no_tree_and_lose_no_native_reply(give, posts, user, how):
    give(posts)
    act_on(how, user)
    home = row(1003).article
    reply = make_comment(home, "Native words.", parent=row(1003))
    numbers = {n: row(n).pk for n in (1001, 1002, 1003, 1004, 2001)}
    run = ImportRun.objects.latest("pk")
    undo.undo(run)
    assert_sound(*Article.objects.all())
    left = Comment.objects.exclude(pk=reply.pk)
    assert Comment.objects.get(pk=reply.pk).parent_id == numbers[1003]
    assert set(left.values_list("kind", "body_source")) == {("placeholder", "")}
    assert numbers[1003] in left.values_list("pk", flat=True)
    assert numbers[2001] not in left.values_list("pk", flat=True)
    run.refresh_from_db()
    undo.redo(run)
    assert_sound(*Article.objects.all())
    assert {n: row(n).pk for n in numbers} == numbers
    assert (row(1003).body_source, row(1003).kind) == ("<p>Three.</p>", "comment")
    assert row(1003).article == home
    assert Comment.objects.get(pk=reply.pk).parent_id == numbers[1003]
    assert Comment.objects.count() == 6
