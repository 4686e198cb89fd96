"""Rules out into a file and in from one: the round trip, what a file would change, and what is refused."""

import io
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.moderation import rules_csv
from forum.moderation.models_policy import PolicyChange, Rule
from forum.moderation.policy import fields_of
from forum.site.models import SitePolicy
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401

PAGE = "/moderation/rules/import/"
HEAD = "kind,text,number,inside,effect,label,language,active"


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def give(client, data: bytes | str, name: str = "rules.csv"):
    """Upload a file for its preview."""
    content = data.encode() if isinstance(data, str) else data
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def take_in(client, preview):
    """Press the button of a preview."""
    fields = {"rows": preview.context["rows"], "seen": preview.context["seen"]}
    if preview.context["sheet"].is_list:
        fields["is_list"] = "yes"
    return client.post(PAGE, fields)


def table() -> list[dict]:
    return [fields_of(rule) for rule in Rule.objects.order_by("pk")]


@pytest.mark.django_db
def test_what_goes_out_comes_in_again_as_the_same(boss):
    make_rule(text='=HYPERLINK("x")', label="+49 123", inside=True)
    make_rule(text="'=quoted", label="@home", language="de", active=False)
    make_rule(text='-dash; comma, “quotes” "x"', effect="mark")
    make_rule(kind="pattern", text=r"\bcur(e|es)\b", effect="crisis")
    make_rule(kind="links", text="", number=3)
    make_rule(text="Viagra Falls", effect="allow")
    before = table()
    answer = boss.get("/moderation/rules/rules.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    preview = give(boss, answer.content)
    assert preview.context["sums"] == {"new": 0, "changed": 0, "refused": 0, "unchanged": 6}
    Rule.objects.all().delete()
    assert take_in(boss, give(boss, answer.content)).status_code == 303
    assert sorted(table(), key=repr) == sorted(before, key=repr)


@pytest.mark.django_db
@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "'=1+1", "''@x"])
def test_no_cell_is_calculated_by_a_spreadsheet(boss, cell):
    make_rule(text=cell)
    row = boss.get("/moderation/rules/rules.csv").content.decode().splitlines()[1]
    assert row.split(",")[1] == f"'{cell}"


@given(st.text(alphabet="'=+-@\t\rab,;\" ", max_size=8))
@settings(max_examples=100, deadline=None)
def test_the_guard_is_taken_off_exactly(text):
    assert rules_csv._unguarded(rules_csv._cell(text)) == text


@pytest.mark.django_db
def test_a_file_is_first_shown_with_its_refused_lines_and_nothing_is_written(boss):
    make_rule(text="viagra", label="old")
    make_rule(text="cialis")
    rows = [
        "words,viagra,,no,hold,sells medicine,,yes",
        "words,cialis,,,hold,,,",
        "words,casino,,,hold,,,yes",
    ]
    rows += ["pattern,(un,,,hold,,,yes", "links,,some,,hold,,,yes", "words,CASINO,,,hold,,,yes"]
    rows += ["words,x,,perhaps,hold,,,yes", "words,y,,,hold,,,yes,more"]
    preview = give(boss, "\n".join([HEAD, *rows]))
    assert preview.status_code == 200
    assert preview.context["sums"] == {"new": 1, "changed": 1, "refused": 5, "unchanged": 1}
    said = {line.number: line.refused for line in preview.context["refused"]}
    assert list(said) == [5, 6, 7, 8, 9]
    assert "This is no pattern that can be used here" in said[5]
    assert said[6] == "“some” is no whole number."
    assert said[7] == "Line 4 looks for the same."
    assert said[8] == "In the column inside stands “perhaps”; it has to be yes or no."
    assert said[9] == "This line has more columns than the first one."
    assert Rule.objects.count() == 2
    assert not PolicyChange.objects.exists()


@pytest.mark.django_db
def test_what_is_good_of_a_file_is_taken_in_as_one_change_and_can_be_put_back(boss):
    known = make_rule(text="viagra", label="old")
    preview = give(
        boss, f"{HEAD}\nwords,viagra,,,mark,old,,yes\nwords,casino,,,hold,,,yes\nmagic,x,,,hold,,,"
    )
    answer = take_in(boss, preview)
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/rules/")
    change = PolicyChange.objects.get()
    new = Rule.objects.get(text="casino")
    assert change.about == "rules"
    assert change.before == {str(known.pk): {"effect": "hold"}, str(new.pk): {}}
    assert change.after[str(known.pk)] == {"effect": "mark"}
    assert SitePolicy.objects.current().rules_key
    assert "Taken in: 1 new rules, 1 changed." in text_of(boss.get("/moderation/rules/"))
    assert boss.post("/moderation/policy/undo/", {"id": change.pk}).status_code == 303
    rows = Rule.objects.order_by("pk").values_list("text", "effect", "active")
    assert list(rows) == [("viagra", "hold", True), ("casino", "hold", False)]
    assert boss.post("/moderation/policy/undo/", {"id": change.pk}).status_code == 409
    last = PolicyChange.objects.order_by("-pk").first()
    assert boss.post("/moderation/policy/undo/", {"id": last.pk}).status_code == 303
    assert Rule.objects.get(text="casino").active


@pytest.mark.django_db
def test_a_preview_is_not_applied_to_rules_that_have_changed_since(boss):
    known = make_rule(text="viagra")
    preview = give(boss, f"{HEAD}\nwords,viagra,,,mark,,,yes")
    Rule.objects.filter(pk=known.pk).update(label="medicine")
    answer = take_in(boss, preview)
    assert answer.status_code == 409
    assert "The rules have been changed since you looked" in text_of(answer)
    assert Rule.objects.get().effect == "hold"
    assert take_in(boss, answer).status_code == 303


@pytest.mark.django_db
def test_a_list_of_words_as_wordpress_keeps_it_is_taken(boss):
    make_rule(text="Viagra", effect="mark", label="kept", active=False)
    preview = give(boss, "viagra\r\ncheap pills\r\n\r\n-=free=-\r\n", "disallowed.txt")
    assert "This is a list of words" in text_of(preview)
    assert take_in(boss, preview).status_code == 303
    rows = Rule.objects.order_by("pk").values_list("text", "effect", "label", "active")
    assert list(rows) == [
        ("Viagra", "hold", "kept", True),
        ("cheap pills", "hold", "", True),
        ("-=free=-", "hold", "", True),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (f"{HEAD}\nwords,Größe,,,hold,,,yes".encode("utf-8-sig"), "Größe"),
        (f"{HEAD}\nwords,Größe,,,hold,,,yes".encode("utf-16"), "Größe"),
        (f"{HEAD}\nwords,Größe,,,hold,,,yes".encode("cp1252"), "Größe"),
        ("kind;text;effect\r\nwords;Größe, dick;hold\r\n".encode(), "Größe, dick"),
        ("Effect\tText\nhold\tGröße\n".encode(), "Größe"),
        ('text\n"Größe"\n'.encode(), "Größe"),
    ],
    ids=["bom", "utf-16", "windows", "semicolons", "tabs", "one column"],
)
def test_files_of_spreadsheets_are_read(boss, data, text):
    preview = give(boss, data)
    assert preview.context["sums"]["new"] == 1
    assert ("Windows-1252" in text_of(preview)) == (
        data == f"{HEAD}\nwords,Größe,,,hold,,,yes".encode("cp1252")
    )
    take_in(boss, preview)
    assert Rule.objects.get().text == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\n \n", "This file is empty."),
        (b"PK\x03\x04\x00\x00binary", "This is no file of text"),
        (b"kind,text\nwords,a\x00b\n", "This is no file of text"),
        ("word,weight\nviagra,3\n", "“word” is none of them."),
        ("kind;;text\nwords;;x\n", "is none of them."),
        ("kind,kind,text\n", "The first line names a column twice."),
        (f'{HEAD}\nwords,"open,,,hold\n', "Line 2 cannot be read"),
        ("\n".join(["text", *(f"w{n}" for n in range(5_001))]), "This file has more than 5,000 lines"),
        ("\n".join(f"w{n}" for n in range(5_001)), "This file has more than 5,000 lines"),
        ("\n".join(f"=word{n}" for n in range(100_000)), "This file is larger than 600 kilobytes"),
        (b"text\n\x81\x8d", "The letters of this file cannot be read"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_one_sentence_and_changes_nothing(boss, data, sentence):
    answer = give(boss, data)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Rule.objects.exists()
    assert not PolicyChange.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("data", [f"text;label\n{'x' * 400};why", "x" * 400], ids=["table", "list"])
def test_a_text_that_is_too_long_is_refused_with_its_true_length(boss, data):
    page = text_of(give(boss, data))
    assert "The text of the rule is 400 characters long; the most that fits is 300." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        "kind;text;effect;;\nwords;viagra;hold;;\n;;;;\n",
        ";;;;\nkind;text;effect;;\nwords;viagra;hold;;\n",
        "sep=;\nkind;text;effect\nwords;viagra;hold\n",
        '"sep=,"\r\nkind,text,effect\r\nwords,viagra,hold\r\n',
        "\ufeffSEP=\t\nkind\ttext\neffects, words; all\tx\nwords\tviagra\n",
        "sep=;\nviagra\n",
    ],
    ids=["empty columns", "empty line", "semicolons", "commas", "tabs", "list"],
)
def test_what_spreadsheets_add_around_a_table_is_no_part_of_it(boss, data):
    preview = give(boss, data)
    assert preview.context["sums"]["new"] == 1
    take_in(boss, preview)
    assert (Rule.objects.get().text, Rule.objects.get().effect) == ("viagra", "hold")


@pytest.mark.django_db
def test_lines_below_the_one_that_names_the_separator_keep_their_numbers(boss):
    preview = give(boss, "sep=;\nkind;text;;\nmagic;viagra;;\nwords;cialis;;more\n")
    assert [(line.number, bool(line.refused)) for line in preview.context["sheet"].lines] == [
        (3, True),
        (4, True),
    ]


@pytest.mark.django_db
def test_nothing_is_read_of_a_file_that_is_too_large():
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("it was read")

    with pytest.raises(rules_csv.FileError, match="larger than 600 kilobytes"):
        rules_csv.read(Unread(), rules_csv.MOST_BYTES + 1)
    with pytest.raises(AssertionError):
        rules_csv.read(Unread(), rules_csv.MOST_BYTES)


@pytest.mark.django_db
def test_a_full_file_is_planned_and_taken_in(boss):
    preview = give(boss, "\n".join(f"Wort {n} für {n}" for n in range(5_000)))
    assert preview.context["sums"]["new"] == 5_000
    assert take_in(boss, preview).status_code == 303
    assert Rule.objects.count() == 5_000
    more = give(boss, "one more")
    answer = take_in(boss, more)
    assert answer.status_code == 409
    assert "Together these would be more than 5,000 rules" in text_of(answer)


@pytest.mark.django_db
def test_no_file_and_a_file_that_changes_nothing_are_said(boss):
    make_rule(text="viagra")
    assert "Please choose a file." in text_of(boss.post(PAGE, {}))
    preview = give(boss, "viagra")
    assert preview.context["to_do"] == ""
    answer = take_in(boss, preview)
    assert "There is nothing new in this file, so nothing was changed." in text_of(answer)


@pytest.mark.django_db
def test_a_stranger_a_reader_and_a_moderator_take_nothing_in(stranger, ben, mod):
    assert [give(client, "viagra").status_code for client in (stranger, ben, mod)] == [302, 404, 404]
    codes = [client.get("/moderation/rules/rules.csv").status_code for client in (stranger, ben, mod)]
    assert codes == [302, 404, 200]
    assert not Rule.objects.exists()
