"""The preview page: its checks and doubts, its bounds, and large archives that a worker has read."""

import datetime
import gzip

import pytest
from django.core.management import call_command

from forum.importing import background, drawing, match, preview_kept
from forum.importing.plan import Archive, make_plan, planned_of
from forum.importing.records import ArchivedArticle, ArchivedComment, Remark, SkippedItem
from forum.sources.models import ImportRun, SourceItem
from forum.threads.models import Comment
from tests.importing.test_corrections import TEXT, send
from tests.importing.test_upload import upload

DAY = datetime.datetime(2011, 6, 14, 12, tzinfo=datetime.UTC)


def article(comments, **fields) -> ArchivedArticle:
    """A record with these comments."""
    return ArchivedArticle(
        "Cups", "Half full.", url="https://a.example/2011/06/14/cups/", comments=comments, **fields
    )


def comments(count, **fields) -> list[ArchivedComment]:
    """So many roots."""
    return [ArchivedComment(str(n), n, f"Words {n}.", has_id=True, **fields) for n in range(1, count + 1)]


def drawn(record, room=None) -> drawing.Drawing:
    """A record matched and drawn."""
    planned = planned_of("wxr", record)
    match.match([planned])
    return drawing.draw(planned, 1, room or drawing.Room())


@pytest.mark.django_db
def test_a_long_thread_is_drawn_in_part_with_all_its_doubts_and_what_these_stand_under():
    many = comments(900)
    many[799].parent_key, many[799].parent_certain, many[799].confidence = "799", False, 0.8
    seen = drawn(article(many))
    assert len(seen.comments) == drawing.MOST_COMMENTS + 2
    assert [row.planned.said.key for row in seen.comments[-2:]] == ["799", "800"]
    assert (seen.not_drawn, seen.open_doubts, seen.more_doubts) == (398, 1, 0)
    assert not any(row.choices for row in seen.comments)
    doubt = seen.doubts[0].doubt
    assert (doubt.sure, doubt.snippet) == ("likely", "Words 799.")


SIGNALS = [
    ("Thanks Bob, that helps.", "It begins by addressing Bob Brown, who wrote 2."),
    ("@Bob Brown: no.", "It begins by addressing Bob Brown, who wrote 2."),
    ("Bobbing along, I agree.", ""),
    ("Bob and I agree.", ""),
    ("Zed, you come too late.", ""),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("words", "signal"), SIGNALS)
def test_case_t8_whom_a_doubtful_comment_addresses_is_shown(words, signal):
    some = comments(4)
    some[1].author_name, some[3].author_name = "Bob Brown", "Zed"
    some[2].body, some[2].parent_certain, some[2].confidence = words, False, 0.5
    assert drawn(article(some)).doubts[0].doubt.why == ([signal] if signal else [])


@pytest.mark.django_db
def test_case_t8_dates_and_turns_of_authors_are_shown():
    some = comments(3, posted_at=DAY)
    some[0].author_name = some[2].author_name = "Ann"
    some[1].parent_key, some[2].parent_key = "1", "2"
    some[2].parent_certain, some[2].posted_at = False, DAY - datetime.timedelta(hours=1)
    why = " ".join(drawn(article(some)).doubts[0].doubt.why)
    assert "older than the comment" in why
    assert "talk in turn" in why


@pytest.mark.django_db
def test_case_t8_scored_candidates_are_shown_and_settled_by_a_correction(boss):
    text = TEXT.replace("  1. First", "  1. Ann says:\n\n     First").replace(
        "Far indented", "@Ann: far indented"
    )
    address = upload(boss, text)["Location"]
    page = boss.get(address).content.decode()
    assert "It may answer <strong>1</strong> instead, possible (0.6)" in page
    assert "“First words.”" in page
    assert "a guess or in doubt" in page
    send(boss, address, "2.1", "move", "1")
    page = boss.get(address).content.decode()
    assert "a guess or in doubt" not in page


@pytest.mark.django_db
def test_case_t8_words_that_contradict_a_sure_place_are_shown_too():
    some = comments(3)
    some[2].hints["parent_candidates"] = [{"key": "2", "score": 0.8, "signals": ["“Bob” is called"]}]
    [row] = drawn(article(some)).doubts
    assert (row.doubt.guessed, row.doubt.settled) == (False, False)
    [one] = row.doubt.suggestions
    assert (one.label, one.sure, one.snippet, one.signals) == ("2", "likely", "Words 2.", "“Bob” is called")


@pytest.mark.django_db
def test_a_thread_of_nothing_but_doubts_stays_bounded_and_says_how_many_are_not_drawn():
    seen = drawn(article(comments(3000, parent_certain=False, confidence=0.3)))
    assert len(seen.comments) == 2 * drawing.MOST_COMMENTS
    assert seen.not_drawn == seen.more_doubts == 2000
    assert seen.doubts[0].doubt.sure == "a mere guess"


@pytest.mark.django_db
def test_a_full_page_draws_few_comments_of_further_posts():
    room = drawing.Room(comments=30, choices=1000)
    first, second = drawn(article(comments(30)), room), drawn(article(comments(60)), room)
    assert (len(first.comments), len(second.comments)) == (30, drawing.LEAST)
    assert first.comments[0].choices
    assert not second.comments[0].choices


@pytest.mark.django_db
def test_a_comment_is_not_offered_itself_its_replies_or_links_from_elsewhere():
    some = comments(5)
    some[1].parent_key, some[4].kind = "1", "pingback"
    seen = drawn(article(some))
    assert [label for label, _words in seen.comments[0].choices] == ["3", "4"]
    assert [label for label, _words in seen.comments[1].choices] == ["1", "3", "4"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentences"),
    [
        ({"declared": 3}, []),
        ({"declared": 5}, ["2 declared comments are not in the archive"]),
        ({"declared": 2}, ["1 comment more than declared"]),
    ],
)
def test_each_difference_of_declared_and_found_is_explained(fields, sentences):
    check = drawn(article(comments(3), **fields)).check
    assert (check.declared, check.found) == (fields["declared"], 3)
    assert len(check.reasons) == len(sentences)
    assert all(a in b for a, b in zip(sentences, check.reasons, strict=True))


@pytest.mark.django_db
def test_pingbacks_and_what_was_removed_are_told_apart_from_what_is_missing():
    some = comments(4)
    some[0].kind, some[1].state, some[2].state = "pingback", "spam", "held"
    reasons = " ".join(drawn(article(some, declared=1)).check.reasons)
    assert "is a link from another site" in reasons
    assert "is spam or was removed" in reasons
    assert "was waiting for approval" in reasons
    assert "more than declared" not in reasons


@pytest.mark.django_db
def test_a_warning_is_shown_once(boss):
    page = boss.get(upload(boss, TEXT.replace("5 thoughts", "9 thoughts"))["Location"]).content.decode()
    assert page.count("9 comments were declared and 5 found") == 1
    assert page.count("by more than one level below 2") == 1


@pytest.mark.django_db
def test_what_is_kept_of_a_large_archive_comes_back_as_it_was():
    some = comments(2, posted_at=DAY, hints={"a": ["b"]})
    record = article(
        some, published_at=DAY, remarks=[Remark("a", "b", "c")], skipped=[SkippedItem("d", "e", "f")]
    )
    run = ImportRun(pk=7, format="wxr")
    preview_kept.keep(run, Archive("wxr", articles=[("wxr", record)]))
    kept = preview_kept.kept(run)
    assert list(kept.articles) == [("wxr", record)]
    [planned] = make_plan(kept).articles
    assert planned.content_hash == planned_of("wxr", record).content_hash
    preview_kept.drop(run)
    assert preview_kept.kept(run) is None


@pytest.mark.django_db
def test_no_more_is_kept_than_a_page_draws():
    run = ImportRun(pk=7, format="wxr")
    preview_kept.keep(run, Archive("wxr", articles=[("wxr", article([]))] * 80))
    assert len(preview_kept.kept(run).articles) == preview_kept.MOST_ARTICLES


@pytest.mark.django_db(transaction=True)
def test_a_large_archive_is_drawn_corrected_and_applied_by_the_worker(boss, monkeypatch):
    monkeypatch.setattr(background, "LARGE_FILE", 10)
    address = upload(boss, gzip.compress(TEXT.encode()))["Location"]
    assert "being worked on" in send_too_early(boss, address)
    work()
    monkeypatch.setattr("forum.importing.load.read_again", None)
    page = boss.get(address).content.decode()
    assert "An answer to the first." in page
    assert "corrections since then" not in page
    assert send(boss, address, "2.1", "move", "1.1").status_code == 303
    page = boss.get(address).content.decode()
    assert "moved: answers 1.1" in page
    assert "corrections since then are not in them" in page
    monkeypatch.undo()
    boss.post(f"{address}apply/")
    work()
    assert (
        Comment.objects.get(body_source="Far indented words.").parent.body_source == "An answer to the first."
    )
    assert preview_kept.kept(ImportRun.objects.get()) is None


def send_too_early(client, address) -> str:
    """The answer to a correction while a worker reads."""
    response = send(client, address, "2.1", "accept")
    assert (response.status_code, response["Location"]) == (303, address)
    assert not SourceItem.objects.exists()
    return client.get(address).content.decode()


def work():
    """A worker that does what waits."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--interval", "0", verbosity=0)
