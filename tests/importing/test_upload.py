"""Upload, preview, apply in the browser's terms: nothing is written before it has been seen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from forum.articles.models import Article
from forum.sources.models import ImportRun
from forum.threads.models import Comment
from tests.importing.test_load import TEXT, URL

pytestmark = pytest.mark.django_db


def upload(client, content, name="cups.txt", **fields):
    file = SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())
    return client.post("/admin/import/", {"file": file, "url": URL, **fields})


def test_an_upload_leads_to_a_preview_and_writes_nothing_yet(boss):
    response = upload(boss, TEXT)
    run = ImportRun.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/admin/import/{run.pk}/")
    page = boss.get(response["Location"])
    shown = page.content.decode()
    assert "An answer to the first." in shown
    assert "4 comments were declared and 3 found" in shown
    assert shown.count('class="thread"') == 2
    assert (run.state, run.by) == ("planned", boss.user)
    assert not Article.objects.exists()
    assert not Comment.objects.exists()


def test_applying_writes_what_the_preview_showed(boss):
    preview = upload(boss, TEXT)["Location"]
    response = boss.post(f"{preview}apply/")
    assert (response.status_code, response["Location"]) == (303, preview)
    assert Comment.objects.count() == 3
    page = boss.get(preview).content.decode()
    assert "The import is done." in page
    assert "Ledger" in page


def test_applying_twice_writes_once(boss):
    preview = upload(boss, TEXT)["Location"]
    boss.post(f"{preview}apply/")
    boss.post(f"{preview}apply/")
    assert Comment.objects.count() == 3
    assert ImportRun.objects.count() == 1


def test_the_same_file_again_says_that_it_changes_nothing(boss):
    boss.post(f"{upload(boss, TEXT)['Location']}apply/")
    again = upload(boss, TEXT)["Location"]
    assert "applying it changes nothing" in boss.get(again).content.decode()


BAD = {
    "empty": b"",
    "white space": b" \n\t\n ",
    "binary": bytes(range(256)) * 40,
    "not UTF-8": "Caf\xe9s are warm.\n\nWords.\n".encode("latin-1") * 20,
    "too large": b"Words and words.\n" * 320_000,
    "declared and none found": "Cups\n\nText.\n\n4 thoughts on “Cups”\n\nLeave a Reply\n".encode(),
    "several posts": (TEXT + "\n\n" + TEXT.replace("Cups", "Sticks").replace("words", "steps")).encode(),
    "an address that is none": TEXT.encode(),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_sentence_and_nothing_is_kept(boss, settings, case):
    fields = {"url": "not an address"} if case == "an address that is none" else {}
    response = upload(boss, BAD[case], **fields)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors()[0].endswith(".")
    assert not ImportRun.objects.exists()
    assert not Article.objects.exists()
    kept = [p for p in settings.IMPORT_DIR.rglob("*") if p.is_file()] if settings.IMPORT_DIR.exists() else []
    assert kept == []


def test_markup_in_the_text_stays_text(boss, client):
    evil = TEXT.replace("First words.", "<script>alert(1)</script> <b>bold</b> <3").replace(
        "Half full is full.", "<img src=x onerror=alert(1)>"
    )
    preview = upload(boss, evil)["Location"]
    assert "<script>alert" not in boss.get(preview).content.decode()
    boss.post(f"{preview}apply/")
    page = client.get("/2011/06/14/cups/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &lt;b&gt;bold&lt;/b&gt; &lt;3" in page
    assert "<img" not in page


def test_a_preview_whose_file_is_gone_asks_for_it_again(boss, settings):
    preview = upload(boss, TEXT)["Location"]
    for path in settings.IMPORT_DIR.rglob("*"):
        if path.is_file():
            path.unlink()
    response = boss.get(preview)
    assert response.status_code == 422
    assert "upload it again" in response.content.decode()
    assert response.context["form"]["url"].value() == URL


def test_a_file_name_with_a_path_and_markup_is_only_a_name(boss):
    upload(boss, TEXT, name="../../<b>cups.txt")
    run = ImportRun.objects.get()
    assert "/" not in run.file_name
    assert "<b>" not in boss.get(f"/admin/import/{run.pk}/").content.decode()
