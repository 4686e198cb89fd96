"""Text as it is compared, and the way back to what was typed."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forum.text.folding import Folded, anywhere, fold, whole, words_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("Ёлка", "елка"),
        ("via\u200bgra", "VIAGRA"),
        ("spe\u00adcialist", "specialist"),
        ("caf\u0065\u0301", "CAFÉ"),
        ("v\u0336i\u0336a\u0336", "via"),
        ("don\u2019t", "don't"),
        ("ＦＵＬＬ", "full"),
        ("İstanbul", "istanbul"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("مـــوت", "موت"),
        ("\u1112\u1161\u11ab", "한"),
        ("ｶｼﾞﾉ", "カジノ"),
        ("カシ\u3099ノ", "カジノ"),
        ("ｶｼ\u3099ﾉ", "カジノ"),
        ("カシ゛ノ", "カジノ"),
        ("ﾊﾟﾁﾝｺ", "パチンコ"),
        ("Ｍｕ\u0308ｌｌ", "müll"),
    ],
)
def test_what_means_the_same_is_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("schwül", "schwul"), ("йод", "иод"), ("カシノ", "カジノ"), ("rn", "m"), ("हिन्दी", "हन्द")],
)
def test_control_what_is_another_letter_stays_another(one, other):
    assert fold(one) != fold(other)


def test_each_place_leads_back_to_what_was_typed():
    folded = Folded("Die Groß\u200be Ｆｒａge: v\u0336ia")

    def typed(words: str) -> str:
        start = folded.text.index(words)
        return folded.source[slice(*folded.span(start, start + len(words)))]

    assert typed("grosse") == "Groß\u200be"
    assert typed("frage") == "Ｆｒａge"
    assert typed("via") == "v\u0336ia"
    assert typed("die") == "Die"
    folded = Folded("私はｶｼﾞﾉと Ｚoe\u0308で")
    assert typed("カジノ") == "ｶｼﾞﾉ"
    assert typed("zoë") == "Ｚoe\u0308"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("don't sit, walk_on", ["don", "t", "sit", "walk", "on"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("MS患者", ["ms", "患", "者"]),
        ("ปวดขา", list("ปวดขา")),
        ("🙂 — …", []),
    ],
)
def test_words_of_many_scripts(text, words):
    assert words_in(fold(text)) == words


def test_whole_words_stand_between_what_is_no_letter():
    assert whole("ms").search("ms患者")
    assert whole("a-a").search("xa-a-a").start() == 3
    assert not whole("press").search("wordpress")
    assert anywhere("press").search("wordpress")  # the control


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
@example("ß\u0301\u200b")
@example("İ\u0307ﬁ")
@example("\u0301")
@example("ﾞｶﾞﾟ゛x゜")
@example("\ufb01\u0301 \xbd\u0301 \u3131\u0323")
@example("\U0010ffff\u115f")
def test_every_place_is_one_of_the_source_and_they_never_go_back(text):
    folded = Folded(text)
    if folded._places is not None:
        assert len(folded._places[0]) == len(folded.text)
    spans = [folded.span(n, n + 1) for n in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert fold(folded.text) == folded.text or not unicodedata.is_normalized("NFC", text)
