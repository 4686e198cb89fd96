"""The checker finds every planted corruption and mends it; a sound tree gives no fault."""

import random
from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.threads import check, tree, writing
from forum.threads.check import What
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.make import load_comments, make_article, make_comment

pytestmark = pytest.mark.django_db

INDEX_FIELDS = ["lft", "rght", "level", "tree_id", "root_key"]
SEED = 20110614


def deep_shape(chance: random.Random, size: int = 60) -> list[int | None]:
    """A few roots; most comments answer one of the last few, so that chains grow deep."""
    steps = [chance.randint(1, 4) if chance.random() > 0.05 else None for _ in range(size)]
    return [None if i < 2 or step is None else max(0, i - step) for i, step in enumerate(steps)]


@pytest.fixture
def articles(db) -> list[Article]:
    """Four articles with deep threads, archived words and live replies."""
    chance = random.Random(SEED)
    made = [make_article() for _ in range(4)]
    for article in made:
        rows = load_comments(article, deep_shape(chance))
        for parent in chance.sample(rows, 5):
            make_comment(article, "live", parent=parent)
        make_comment(article, "held", parent=rows[0], state=State.HELD)
    return made


def rows_of(article: Article):
    return Comment.objects.filter(article=article)


def replies_of(article: Article) -> list[Comment]:
    return list(rows_of(article).filter(parent__isnull=False).order_by("pk"))


def reading_order(article: Article) -> list[tuple]:
    rows = rows_of(article).in_reading_order()
    return list(rows.values_list("id", "parent_id", "order_key", *INDEX_FIELDS))


def values_of(article: Article, field: str) -> list[int]:
    return list(rows_of(article).order_by("pk").values_list(field, flat=True))


def words(article: Article) -> dict[int, str]:
    return dict(rows_of(article).values_list("id", "body_source"))


def all_faults() -> list[check.Fault]:
    return [fault for article_id in check.article_ids() for fault in check.examine(article_id)]


def assert_reading_works(article: Article) -> None:
    """Everything public can still be read, and nothing that is not."""
    shown = list(rows_of(article).visible_to(Viewer()).in_reading_order())
    readable = {row.pk for row in shown if not row.is_gone}
    assert readable == set(rows_of(article).filter(state=State.VISIBLE).values_list("pk", flat=True))


def assert_sound(article: Article) -> None:
    assert tree.broken(article.pk) == []
    assert all_faults() == []


def plant_index_fault(chance: random.Random, article: Article) -> tuple[What, int | None]:
    """One value of the index of one comment is off; a root's tree and level are held by the database."""
    row = chance.choice(list(rows_of(article).order_by("pk")))
    field = chance.choice(INDEX_FIELDS if row.parent_id else ["lft", "rght", "root_key"])
    off = getattr(row, field) + chance.randint(1, 50)
    if chance.random() < 0.3:
        off = chance.choice([value for value in values_of(article, field) if value != getattr(row, field)])
    rows_of(article).filter(pk=row.pk).update(**{field: off})
    return What.INDEX, row.pk


def plant_swap(chance: random.Random, article: Article) -> tuple[What, int | None]:
    """Two comments hold each other's place among siblings."""
    one, two = chance.sample(replies_of(article), 2)
    while (one.lft, one.rght) == (two.lft, two.rght):
        two = chance.choice(replies_of(article))
    for row, place in ((one, two), (two, one)):
        rows_of(article).filter(pk=row.pk).update(lft=place.lft, rght=place.rght)
    return What.INDEX, one.pk


def plant_lost_index(chance: random.Random, article: Article) -> tuple[What, int | None]:
    """A whole article has lost its numbers."""
    rows_of(article).update(lft=1, rght=2)
    deepest = rows_of(article).order_by("-level").first()
    return What.INDEX, deepest.pk


def plant_counter(chance: random.Random, article: Article) -> tuple[What, int | None]:
    field = chance.choice(["comment_count", "root_count"])
    Article.objects.filter(pk=article.pk).update(**{field: chance.randint(500, 900)})
    return What.COUNTER, None


def plant_circle(chance: random.Random, article: Article) -> tuple[What, int | None]:
    """A comment answers itself or something below it; roots too, as far as the database lets them."""
    above = chance.choice(replies_of(article))
    descendants = {"tree_id": above.tree_id, "lft__gt": above.lft, "rght__lt": above.rght}
    below = chance.choice([above, *rows_of(article).filter(**descendants).order_by("lft")])
    rows_of(article).filter(pk=above.pk).update(parent=below.pk)
    return What.CIRCLE, above.pk


def plant_parent_elsewhere(chance: random.Random, article: Article) -> tuple[What, int | None]:
    row = chance.choice(replies_of(article))
    foreign = chance.choice(list(Comment.objects.exclude(article=article).order_by("pk")))
    rows_of(article).filter(pk=row.pk).update(parent=foreign.pk)
    return What.ELSEWHERE, row.pk


def plant_missing_parent(chance: random.Random, article: Article) -> tuple[What, int | None]:
    """The foreign key speaks at the commit only, so inside a transaction this can be planted."""
    row = chance.choice(replies_of(article))
    rows_of(article).filter(pk=row.pk).update(parent=77)
    return What.MISSING, row.pk


INDEX_PLANTS = [plant_index_fault] * 4 + [plant_swap, plant_lost_index, plant_counter]
PARENT_PLANTS = [plant_circle, plant_parent_elsewhere, plant_missing_parent]


def found_by_checker(article: Article, what: What, comment: int | None) -> bool:
    return any(
        (fault.what, fault.path, fault.comment) == (what, article.path, comment) for fault in all_faults()
    )


def test_figure_t3_control_a_sound_tree_gives_no_fault(articles):
    assert all_faults() == []
    for article in articles:
        assert check.repair(article.pk) == check.Repair([], [])


def test_figure_t3_35_corruptions_of_index_and_counters_are_found_and_mended_to_the_same_order(articles):
    chance, found = random.Random(SEED), Counter()
    for i in range(35):
        article, plant = articles[i % 4], INDEX_PLANTS[i % len(INDEX_PLANTS)]
        before, text = reading_order(article), words(article)
        what, comment = plant(chance, article)
        assert found_by_checker(article, what, comment), (i, plant.__name__, comment)
        found[what] += 1
        assert_reading_works(article)
        assert check.repair(article.pk).left == []
        assert reading_order(article) == before
        assert words(article) == text
        assert_sound(article)
    assert found == {What.INDEX: 30, What.COUNTER: 5}


def test_figure_t3_15_corruptions_of_parents_are_found_and_nothing_is_lost_in_the_repair(articles):
    chance, found = random.Random(SEED), Counter()
    for i in range(15):
        article, plant = articles[i % 4], PARENT_PLANTS[i % len(PARENT_PLANTS)]
        text, roots = words(article), rows_of(article).filter(parent__isnull=True).count()
        what, comment = plant(chance, article)
        assert found_by_checker(article, what, comment), (i, plant.__name__, comment)
        found[what] += 1
        assert_reading_works(article)
        assert check.repair(article.pk).left == []
        assert words(article) == text
        assert rows_of(article).filter(parent__isnull=True).count() == roots + 1
        assert rows_of(article).filter(parent_certain=False, parent__isnull=True).exists()
        assert_reading_works(article)
        assert_sound(article)
    assert found == {What.CIRCLE: 5, What.ELSEWHERE: 5, What.MISSING: 5}


def test_many_faults_at_once_are_mended_in_one_go(articles):
    chance = random.Random(SEED)
    text = {article.pk: words(article) for article in articles}
    for i in range(40):
        (INDEX_PLANTS[:5] + PARENT_PLANTS)[i % 8](chance, articles[i % 4])
    assert {fault.path for fault in all_faults()} == {article.path for article in articles}
    call_command("check_threads", "--repair", stdout=StringIO())
    assert all_faults() == []
    assert {article.pk: words(article) for article in articles} == text


def test_the_circle_of_a_root_is_found_too(article):
    root, reply = load_comments(article, [None, 0])
    Comment.objects.filter(pk=root.pk).update(parent=reply, level=1)
    assert str(all_faults()[0]) == (
        f"{article.path}: comment {root.pk} stands in a circle of 2 comments that answer each other."
    )
    assert check.repair(article.pk).left == []
    assert [row.pk for row in rows_of(article).in_reading_order()] == [root.pk, reply.pk]


def test_the_checker_counts_as_the_writer_does(article):
    """Whatever state and kind comments are in, counters that the writer has set are right."""
    rows = load_comments(article, [None, 0, None, None, None, None, 2])
    for state in (State.HELD, State.REMOVED, State.SPAM, State.REJECTED, State.WITHDRAWN):
        make_comment(article, parent=rows[0], state=state)
        make_comment(article, state=state)
    Comment.objects.filter(pk=rows[3].pk).update(kind=Kind.PINGBACK)
    Comment.objects.filter(pk=rows[4].pk).update(kind=Kind.PLACEHOLDER)
    Comment.objects.filter(pk=rows[5].pk).update(erased_at=timezone.now(), body_source="", body_html="")
    writing.recount([article.pk])
    assert all_faults() == []


def run_command(*options: str) -> tuple[int, list[str]]:
    """The command's exit code and what it says."""
    out = StringIO()
    try:
        call_command("check_threads", *options, stdout=out)
    except SystemExit as stopped:
        return stopped.code, out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_the_command_says_that_a_sound_site_is_sound(articles):
    assert run_command() == (0, ["Looked at 4 articles: every discussion is sound."])
    assert run_command("--repair") == (0, ["Looked at 4 articles: every discussion is sound."])


def test_the_command_names_each_fault_and_exits_1_until_it_is_mended(article):
    rows = load_comments(article, [None, 0, 1, 0])
    foreign = load_comments(make_article(), [None])[0]
    Comment.objects.filter(pk=rows[2].pk).update(lft=9, level=4)
    Article.objects.filter(pk=article.pk).update(root_count=3)
    said = [
        f"{article.path}: comment {rows[2].pk} is misplaced in the reading order "
        "(lft 9 where 3 belongs, level 4 where 2 belongs).",
        f"{article.path}: the article's number of public comments at the top level is 3 where 1 belongs.",
    ]
    again = "Looked at 2 articles: found 2 faults. Run again with --repair to mend them."
    assert run_command() == (1, [*said, again])
    mended = "Looked at 2 articles: found 2 faults and mended all of them."
    assert run_command("--repair") == (0, [*said, mended])
    assert run_command()[0] == 0
    Comment.objects.filter(pk=rows[3].pk).update(parent=foreign)
    code, sentences = run_command()
    assert code == 1
    assert sentences[-2].startswith(f"{article.path}: ")
    assert (
        f"{article.path}: comment {rows[3].pk} answers comment {foreign.pk}, "
        f"which belongs to another article, {foreign.article.path}."
    ) in sentences


def test_the_command_exits_1_when_a_repair_leaves_a_fault(article, monkeypatch):
    load_comments(article, [None, 0])
    Comment.objects.filter(article=article, level=1).update(lft=40)
    monkeypatch.setattr(tree, "renumber", lambda article_id: 0)
    code, sentences = run_command("--repair")
    assert code == 1
    assert sentences[-1] == "Looked at 1 article: found 1 fault, and 1 could not be mended."


def test_a_comment_that_came_between_two_looks_is_no_fault(article, monkeypatch):
    load_comments(article, [None, 0])
    monkeypatch.setattr(check, "_seems_wrong", lambda article_id: True)
    assert all_faults() == []


def test_an_article_that_is_gone_meanwhile_is_no_fault(db, monkeypatch):
    monkeypatch.setattr(check, "_seems_wrong", lambda article_id: True)
    assert check.examine(4711) == []
    assert check.repair(4711) == check.Repair([], [])


def test_the_checker_goes_through_more_articles_than_it_holds_at_once(db, monkeypatch):
    monkeypatch.setattr(check, "AT_ONCE", 2)
    made = [make_article().pk for _ in range(5)]
    assert list(check.article_ids()) == made
