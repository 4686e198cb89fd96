"""What cannot be corrected, or not here, or not by this person: refused with one sentence."""

import pytest

from forum.sources.models import ImportRun, SourceItem
from tests.importing.test_corrections import KEPT, TEXT, apply, refused, row, send, shape
from tests.importing.test_upload import upload

pytestmark = pytest.mark.django_db
ECHO = TEXT + "\n  3. Pingback: Elsewhere on cups\n"


@pytest.fixture
def preview(boss):
    """An upload's address."""
    return upload(boss, TEXT)["Location"]


def test_a_moderators_decision_is_never_overridden(boss, preview):
    apply(boss)
    boss.post("/moderation/decide/", {"comment": row("Second words.").pk, "decision": "remove"})
    address = upload(boss, TEXT)["Location"]
    assert "moderation desk" in refused(send(boss, address, "2", "drop"))
    assert "moderation desk" in refused(send(boss, address, "2", "hold"))
    assert send(boss, address, "2", "move", "1").status_code == 303
    apply(boss)
    moved = row("Second words.")
    assert (moved.state, moved.parent) == ("removed", row("First words."))


def test_what_stands_already_is_not_offered_to_be_left_out(boss, preview):
    page = boss.get(preview).content.decode()
    assert 'value="drop"' in page
    apply(boss)
    page = boss.get(upload(boss, TEXT)["Location"]).content.decode()
    assert 'value="drop"' not in page
    assert "It stands here already" in page


@pytest.mark.parametrize(
    ("comment", "parent", "sentence"),
    [
        ("1", "1.1.1", "Comment 1.1.1 stands below comment 1, so that one cannot answer it."),
        ("1", "1", "A comment cannot answer itself."),
        ("1", "9", "There is no comment “9” under this post."),
        ("1", " ", "Please say which comment it answers, or “top” for none."),
        ("9", "1", "There is no comment “9” under this post."),
    ],
)
def test_a_parent_that_cannot_be_is_refused_with_one_sentence(boss, preview, comment, parent, sentence):
    response = send(boss, preview, comment, "move", parent)
    assert refused(response) == sentence
    assert "The thread as it will stand" in response.content.decode()
    assert ('href="#c-1-1"' in response.content.decode()) == (comment == "1")
    assert not SourceItem.objects.exists()


def test_control_the_other_way_round_it_is_no_circle(boss, preview):
    assert send(boss, preview, "1.1.1", "move", "#1").status_code == 303
    assert send(boss, preview, "1.1", "move", "1.1.1").status_code == 303
    assert "circle" not in boss.get(preview).content.decode()
    apply(boss)
    assert shape()[:3] == [
        ("First words.", 0),
        ("An answer to the answer.", 1),
        ("An answer to the first.", 2),
    ]


def test_a_link_from_another_site_is_no_parent(boss):
    address = upload(boss, ECHO)["Location"]
    assert "link from another site" in refused(send(boss, address, "2.1", "move", "3"))


@pytest.mark.parametrize(
    "said", [{}, {"act": "explode"}, {"article": "7"}, {"article": "x"}, {"act": "fold"}]
)
def test_nonsense_is_refused(boss, preview, said):
    sent = {"article": "1", "comment": "1", "act": "", "parent": ""} | said
    response = boss.post(f"{preview}correct/", sent)
    assert refused(response).endswith(".")
    assert not SourceItem.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("ben", 404), ("mod", 404)])
def test_only_an_admin_corrects(request, boss, preview, who, status):
    client = request.getfixturevalue(who)
    assert send(client, preview, "2", "drop").status_code == status
    assert client.get(f"{preview}preview/").status_code == status
    assert not SourceItem.objects.exists()
    assert send(boss, preview, "2", "drop").status_code == 303
    assert SourceItem.objects.get().override["fate"] == "drop"


def test_a_run_that_is_done_takes_no_corrections(boss, preview):
    boss.post(f"{preview}apply/")
    response = send(boss, preview, "2.1", "accept")
    assert response["Location"] == preview
    assert "not waiting any more" in boss.get(preview).content.decode()
    assert not SourceItem.objects.exclude(override={}).exists()


@pytest.mark.parametrize("state", ["failed", "cancelled"])
def test_a_run_that_broke_off_before_writing_can_be_corrected(boss, preview, state):
    ImportRun.objects.update(state=state)
    assert f"{preview}preview/" in boss.get(preview).content.decode()
    response = send(boss, preview, "2.1", "move", "1")
    assert response["Location"] == f"{preview}preview/#c-1-5"
    assert KEPT in boss.get(f"{preview}preview/").content.decode()
    boss.post(f"{preview}apply/")
    assert row("Far indented words.").parent == row("First words.")


def test_what_a_broken_off_run_has_written_is_not_corrected_in_it(boss, preview):
    boss.post(f"{preview}apply/")
    ImportRun.objects.update(state="failed")
    assert "has written the post already" in refused(send(boss, preview, "2.1", "accept"))
