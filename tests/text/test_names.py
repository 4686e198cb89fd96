"""Names of people: nothing that looks like the staff, and every honest name in every script."""

import itertools
import unicodedata

import pytest

from forum.text import names

WORDS = ("moderator", "admin", "staff")
LOOK_ALIKES = {
    "a": "аɑαａ𝐚𝑎𝒂ᴀⓐ4@",
    "d": "ԁｄ𝐝𝑑ⅾⓓ",
    "e": "еｅ𝐞𝑒ⓔ3",
    "f": "ｆ𝐟𝑓ⓕ",
    "i": "іɩｉ𝐢ⅰⓘ1l|",
    "m": "ｍ𝐦ⅿⓜ",
    "n": "ｎ𝐧ⓝ",
    "o": "оοօｏ𝐨ⓞ0",
    "r": "ｒ𝐫ⓡ",
    "s": "ѕｓ𝐬ⓢ5$",
    "t": "ｔ𝐭ⓣ",
}
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u2063"
BIDI = "\u202a\u202b\u202d\u2066\u2067\u2068\u200e\u200f"
AFTER = ".!_-*~·•:;|✔★☆✓®™ˑ٠²✅👑"
MARKS = "\u0301\u0300\u0308\u0323\u0331\u0338\u20e3"
HONEST = {
    "Latin": "Ann,Ólafur,Nguyễn Thị Hạnh,Jean-Luc,O’Brien,J. R. R. T.,Staffan,Modesta,Adminah,Rodney",
    "Cyrillic": "Анна,Владимир,Ђорђе,Їжак,Мария Петрова,Юлия,Ярослав,Ольга,Сергей,Модест",
    "Greek": "Ανδρέας,Ἀριστοτέλης,Ελένη,Γιώργος,Μαρία,Σοφία,Δημήτρης,Κώστας,Νίκος,Άννα",
    "Armenian": "Հայկ,Անի,Արամ,Գոռ,Նարե,Տիգրան,Սոնա,Վահե,Լիլիթ,Դավիթ",
    "Hebrew": "דוד,מֹשֶׁה,שרה,יעקב,רחל,נועה,איתן,תמר,אורי,יעל",
    "Arabic": "محمد,فاطمة,عليّ,خديجة,يوسف,مريم,حسن,زينب,عمر,ليلى",
    "Devanagari": "आनंद,प्रिया,राहुल,सीता,अर्जुन,लक्ष्मी,विकास,नेहा,सुनील,मीरा",
    "Bengali": "রবীন্দ্রনাথ,অনন্যা,শুভ,মিতা,অরুণ,সুমন,রূপা,তানিয়া,কমল,দীপা",
    "Gurmukhi": "ਗੁਰਪ੍ਰੀਤ,ਹਰਜੀਤ,ਸਿਮਰਨ,ਜਸਪਾਲ,ਮਨਜੀਤ,ਰਾਜ,ਅਮਰ,ਕਿਰਨ,ਬਲਬੀਰ,ਨਵਦੀਪ",
    "Tamil": "தமிழ்,கண்ணன்,லட்சுமி,முருகன்,மீனா,ராஜா,கவிதா,செல்வி,குமார்,வள்ளி",
    "Telugu": "రాము,సీత,లక్ష్మి,కృష్ణ,రవి,సునీత,అనిల్,పద్మ,వేణు,శాంతి",
    "Thai": "สมชาย,สมหญิง,มาลี,วิชัย,นภา,ปรีชา,อรุณ,กิตติ,สุดา,ชัย",
    "Khmer": "សុខា,ចន្ទ្រា,នរោត្តម,បុប្ផា,ដារា,វិសាល,ស្រីមុំ,កុសល,រតនា,ពិសី",
    "Myanmar": "မောင်,အောင်ဆန်း,သီတာ,ခင်,မြ,ကျော်,လှ,စိုး,နွယ်,ဖြူ",
    "Georgian": "ქეთი,გიორგი,ნინო,დავით,თამარ,ლევან,მარიამ,ირაკლი,ანა,ზურაბ",
    "Ethiopic": "አበበ,ሰላም,ከበደ,ሀና,ዳዊት,ማርያም,ተስፋዬ,ሙሉ,ብርሃን,ሳራ",
    "Hangul": "김철수,이영희,박민수,최지은,정우성,한지민,송강호,윤아,강동원,유리",
    "Han": "李小龍,王芳,张伟,刘洋,陈静,楊紫瓊,黄磊,吴刚,周迅,林青霞",
    "Kana": "さくら,ハナコ,田中さくら,山田タロウ,すず,ユキ,佐藤めぐみ,アヤ,みどり,ケンジ",
    "Sinhala": "නිමල්,කුමාරි,සුනිල්,චමරි,රුවන්,දිල්කි,අමිල,සඳුනි,කසුන්,තරංග",
}


def imitations() -> set[str]:
    """What somebody might type to be taken for the staff."""
    made = set()
    for word in WORDS:
        for n, char in enumerate(word):
            for like in LOOK_ALIKES.get(char, ""):
                made |= {word[:n] + like + word[n + 1 :], (word[:n] + like + word[n + 1 :]).title()}
        for n, hidden in itertools.product(range(1, len(word)), INVISIBLE + BIDI):
            made.add(word[:n] + hidden + word[n:])
        for n, mark in itertools.product(range(1, len(word) + 1), MARKS):
            made.add(word[:n] + mark + word[n:])
        for after in AFTER:
            made |= {word.title() + after, after + word.title() + after, f"{word} {after}"}
        made |= {
            word.upper(),
            " ".join(word),
            "".join(f"{c}." for c in word),
            f"The {word}",
            f"{word} 2",
            f"{word}1",
        }
        made |= {"".join(LOOK_ALIKES[c][n % len(LOOK_ALIKES[c])] for c in word) for n in range(24)}
        for start in (
            0x1D400,
            0x1D434,
            0x1D468,
            0x1D5D4,
            0x1D608,
            0x1D63C,
            0x1D670,
            0x24B6,
            0x1F130,
            0x1F150,
            0x1F170,
        ):
            made.add("".join(chr(start + ord(c.upper()) - 65) for c in word))
    made |= {word.replace("m", "rn") for word in WORDS if "m" in word}
    made |= {word.replace("d", "cl") for word in WORDS if "d" in word}
    return made


def refused(name: str, staff=()) -> bool:
    try:
        names.checked(name, staff)
    except names.NotANameError:
        return True
    return False


def test_figure_u1_imitations_of_the_staff_are_refused():
    made = imitations()
    assert len(made) >= 918
    assert [ascii(name) for name in made if not refused(name)] == []


def test_control_without_skeletons_they_would_be_taken(monkeypatch):
    monkeypatch.setattr(names, "_imitates", lambda name, staff: names.tidy(name).casefold() in WORDS)
    assert sum(not refused(name) for name in imitations()) > 300


def test_figure_u1_honest_names_in_twenty_scripts_are_taken():
    honest = [name for row in HONEST.values() for name in row.split(",")]
    assert (len(HONEST), len(honest)) == (20, 200)
    assert [name for name in honest if refused(name)] == []
    assert [name for name in honest if names.checked(name) != unicodedata.normalize("NFKC", name)] == []


@pytest.mark.parametrize("name", ["Prof. Mary Quill", "mary quill", "Mаry Quill", "M.Quill"])
def test_a_name_of_somebody_on_the_staff_is_theirs(name):
    assert refused(name, ["Prof. Mary Quill", "Mary Quill", "MQuill"])
    assert not refused("Mary Quillan", ["Prof. Mary Quill", "Mary Quill", "MQuill"])


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", names.EMPTY),
        (" \u200b ", names.EMPTY),
        ("A" * 81, names.LONG),
        ("Z\u0301\u0300\u0308\u0323\u0331lgo", names.MANY_MARKS),
        ("Аnnе Brown", names.MIXED),
        ("Moderator", names.STAFF),
    ],
)
def test_the_reason_is_told(name, reason):
    with pytest.raises(names.NotANameError) as caught:
        names.checked(name)
    assert caught.value.args == (reason,)


def test_directions_and_invisible_characters_go():
    assert names.checked("\u202eAnn\u2066 Brown\u200b") == "Ann Brown"
    assert names.checked("Dr Liz 👩\u200d⚕️").startswith("Dr Liz 👩\u200d⚕")
