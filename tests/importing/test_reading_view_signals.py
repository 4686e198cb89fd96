"""Who may answer whom where a text does not settle it: scored, every signal named, the tree left alone."""

import pytest

from forum.importing.formats.reading_view.items import Item
from forum.importing.formats.reading_view.signals import suggest_parents
from forum.importing.records import ArchivedComment
from tests.importing.reading_view_samples import codes, page, read_text, shape

LOST = "  1. First word of all.\n\n  2. Second word.\n\n  5. {}"


def made(*said: tuple[str, str], certain: bool = False, numbers: tuple[int, ...] = (), dates=()) -> list:
    comments = [
        ArchivedComment(str(n), n, body, author_name=name, parent_certain=certain or n < len(said))
        for n, (name, body) in enumerate(said, 1)
    ]
    for comment, posted_at in zip(comments, dates, strict=False):
        comment.posted_at = posted_at
    items = [Item(2, number, "•", ["x"]) for number in numbers or [None] * len(said)]
    return [comments, items]


def candidates(*said: tuple[str, str], **options) -> list[tuple[str, float, list[str]]]:
    comments, items = made(*said, **options)
    suggest_parents(comments, items)
    found = comments[-1].hints.get("parent_candidates", [])
    return [(one["key"], one["score"], one["signals"]) for one in found]


@pytest.mark.parametrize(
    ("body", "score"),
    [
        *(("Bob, that is so.", 0.5), ("Thanks Bob, that is so.", 0.5), ("Dear Bob,\n\nthat is so.", 0.5)),
        *(("Hi bob! So it is.", 0.5), ("@Bob that is so", 0.6), ("@Bob Smith: so it is", 0.6)),
        *(("Bob Smith – so it is", 0.5), ("I agree with you Bob, so it is", 0.5)),
    ],
)
def test_case_t8_who_is_called_at_the_start_may_be_answered(body, score):
    said = [("Ann", "One."), ("Bob Smith", "Two."), ("Cleo", "Three."), ("Dan", body)]
    ((key, found, (why,)),) = candidates(*said)
    assert (key, found) == ("2", score)
    assert "Bob Smith" in why


@pytest.mark.parametrize(
    "body",
    [
        *("Bobby, that is so.", "I told Bob, and he laughed.", "So: Bob was right.", "Well, that is so."),
        *("bob@mail.example is wrong", "@Bobby so it is", "No, no, no.", "Thanks, all."),
    ],
)
def test_case_t8_control_other_beginnings_call_nobody(body):
    assert candidates(("Ann", "One."), ("Bob Smith", "Two."), ("Cleo", "Three."), ("Dan", body)) == []


def test_case_t8_a_signature_is_a_name_where_the_text_has_no_authors():
    ((key, score, (why,)),) = candidates(
        ("", "One.\n\nMatt"), ("", "Two."), ("", "I agree with you Matt, so.")
    )
    assert (key, score, why) == ("1", 0.4, "“Matt”, who signed it, is called")


def test_case_t8_two_people_who_take_turns_answer_each_other():
    (key, score, why), *rest = candidates(
        ("Ann", "One."), ("Bob", "Two."), ("Ann", "Bob, three."), ("Bob", "Ann: four.")
    )
    assert (key, score, [one[:2] for one in rest]) == ("3", 0.8, [("1", 0.5)])
    assert why == ["“Ann” is called", "the two take turns", "it stands right above"]


def test_case_t8_what_is_newer_cannot_be_answered():
    import datetime

    day = [datetime.datetime(2014, 3, n, tzinfo=datetime.UTC) for n in (5, 9, 7)]
    said = [("Bob", "One."), ("Bob", "Two."), ("Dan", "Bob, three.")]
    assert [one[0] for one in candidates(*said)] == ["2", "1"]
    ((key, score, why),) = candidates(*said, dates=day)
    assert (key, score, why) == ("1", 0.6, ["“Bob” is called", "it is older"])


def test_case_t8_numbers_that_start_again_are_a_signal():
    ((key, score, why),) = candidates(("", "One."), ("", "Two."), ("", "Three."), numbers=(1, 2, 1))
    assert (key, score) == ("2", 0.4)
    assert why[0] == "the numbers start again below it"


def test_case_t8_the_tree_stays_and_each_signal_is_told(tmp_path):
    text = (
        "  1. Ann says:\n\n    One.\n\n  2. Bob says:\n\n    Two.\n\n  1. Cleo says:\n\n    @Bob three.\n\n"
        "  2. Bob says:\n\n    Cleo, four."
    )
    article = read_text(tmp_path, page(text, "4 thoughts on “Baking bread”"))
    assert [parent for _key, parent in shape(article)] == [None] * 4
    told = {one.source_id: one.message for one in article.remarks if one.code == "parent_suggested"}
    key = article.comments[2].key
    assert told[key] == (
        f"Comment {key} may answer 2 (0.95: “@Bob” is called, the numbers start again below it, "
        "it stands right above)."
    )
    assert article.comments[3].hints["parent_candidates"][0]["key"] == key


def test_case_t8_a_sure_place_is_only_doubted_by_a_name(tmp_path):
    text = (
        "  1. Ann says:\n\n    One.\n\n    1. Bob says:\n\n      Two.\n\n    2. Cleo says:\n\n"
        "      @Bob three.\n\n    3. Dan says:\n\n      Ann, four."
    )
    article = read_text(tmp_path, page(text, "4 thoughts on “Baking bread”"))
    assert shape(article) == [("1", None), ("1.1", "1"), ("1.2", "1"), ("1.3", "1")]
    assert codes(article) == ["parent_suggested"]
    assert article.remarks[0].source_id == "1.2"
    assert all(comment.parent_certain for comment in article.comments)
    assert "parent_candidates" in article.comments[2].hints


@pytest.mark.timeout(20)
def test_case_t8_a_long_thread_takes_no_long_time():
    said = [("Bob Smith", "@Ann " + "x" * 50), ("Ann", "@Bob " + "x" * 50)] * 2_500
    assert len(suggest_parents(*made(*said))) == 4_999
