"""What looks private is found, and the numbers of talk about an illness are not."""

import re
from re import _constants, _parser

import pytest

from forum.text import personal
from forum.text.personal import Kind

PRIVATE = [
    (Kind.PHONE, "Call me on +44 20 7946 0958 after six."),
    (Kind.PHONE, "My number is 020 7946 0958, ask for Vera."),
    (Kind.PHONE, "Ring 07700 900123 any time."),
    (Kind.PHONE, "Phone: 01632 960123."),
    (Kind.PHONE, "I am at (212) 555-0123 in the evening."),
    (Kind.PHONE, "Text me: 415-555-0199."),
    (Kind.PHONE, "Tel. 030 123456 oder spaeter."),
    (Kind.PHONE, "Meine Nummer ist 0171 2345678."),
    (Kind.PHONE, "Appelez le 06 12 34 56 78."),
    (Kind.PHONE, "WhatsApp +34 612 34 56 78 please"),
    (Kind.PHONE, "tel:+1-202-555-0143"),
    (Kind.EMAIL, "Write to vera.smith@mail.example please."),
    (Kind.EMAIL, "(vera+ms@clinic.nhs.uk)"),
    (Kind.EMAIL, "Meine Adresse: jürgen@müller.example"),
    (Kind.BIRTH, "I was born on 12 March 1961 in Leeds."),
    (Kind.BIRTH, "DOB 12/03/1961"),
    (Kind.BIRTH, "date of birth: 1961-03-12"),
    (Kind.BIRTH, "My birthday is May 3rd, 1970."),
    (Kind.BIRTH, "Ich bin am … geboren am 12.3.1961 in Graz."),
    (Kind.BIRTH, "née le 3 mai 1970 à Lyon"),
    (Kind.NUMBER, "My NHS number is 943 476 5919."),
    (Kind.NUMBER, "They wrote 9434765919 on the form."),
    (Kind.NUMBER, "SSN 219-09-9999"),
    (Kind.NUMBER, "Patient no. 4711082 at the clinic."),
    (Kind.NUMBER, "MRN: 00482913"),
    (Kind.NUMBER, "my insurance number is K 1234 56789"),
    (Kind.NUMBER, "NI QQ 12 34 56 C? No: AB 12 34 56 C."),
    (Kind.NUMBER, "Versichertennummer: A123456789"),
    (Kind.NUMBER, "medical record number 123-45-678"),
    (Kind.NUMBER, "1 84 12 76 451 089 46 est mon numéro"),
    (Kind.NUMBER, "personnummer 811218-9876"),
    (Kind.BIRTH, "my date of birth was the 3rd of May 1970"),
    (Kind.PHONE, "My cell is 212 736 5000."),
    (Kind.PHONE, "cell: 06 12 34 56 78"),
    (Kind.PHONE, "Tel. 20 30 40 50 in Aarhus"),
    (Kind.PHONE, "ISBN 0306406152, or ring 020 7946 0958."),
    (Kind.NUMBER, "patient id: 4711082"),
    (Kind.NUMBER, "ID: 1234567"),
    (Kind.NUMBER, "passport: 123456789"),
    (Kind.NUMBER, "hospital no. 12345"),
    (Kind.PLACE, "I live at 12 Elm Tree Road, come by."),
    (Kind.PLACE, "221B Baker Street"),
    (Kind.PLACE, "742 Evergreen Terrace, Springfield, IL 62704"),
    (Kind.PLACE, "Send it to SW1A 2AA."),
    (Kind.PLACE, "Lindenstraße 12a, zweiter Stock"),
    (Kind.PLACE, "Kerkstraat 5, Utrecht"),
    (Kind.PLACE, "14 rue de la Paix"),
    (Kind.PLACE, "Calle Mayor, 25"),
    (Kind.PLACE, "P.O. Box 1234"),
]
HONEST = [
    "I take 20 mg in the morning and 10 mg at night.",
    "My EDSS went from 3.5 to 6.5 in 2009.",
    "p<0.05 and n = 1,250 in the second study.",
    "2 x 500 mg twice a day, then 3 x 250.",
    "MRI on 12.03.2011 and again on 14/06/2012.",
    "The scans of 2010-05-01 and 2011-05-03 were the same.",
    "I was diagnosed on 4 May 1998.",
    "I was born in 1961 and diagnosed in 1998.",
    "Vitamin D 50,000 IU once a week, 25-OH was 34 ng/ml.",
    "B12 1000 mcg every 3 months.",
    "B12 1MG tablets are cheaper.",
    "T2 lesions: 12, T1 black holes: 3.",
    "Since 1998 2005 2011 I had three big relapses.",
    "It took 20 minutes, 3 nurses and 2 needles.",
    "My blood pressure was 120/80, then 145/95.",
    "Lymphocytes 0.4, then 0.6, then 0.8 x 10^9/l.",
    "About 2,500,000 people have it worldwide.",
    "The JC index was 0.9 and later 1.55.",
    "See Lancet 2012; 380: 1819-1828.",
    "doi 10.1016/S0140-6736(12)61769-3 says so.",
    "PMID 23122652 is the paper, NCT00530348 the trial.",
    "Interferon beta-1a 44 mcg three times a week since 06/2004.",
    "I walked 5 km in 1 hour 20 minutes, 8000 steps.",
    "The price went up from 1200 to 13500 dollars a year.",
    "24/7, 365 days a year, for 12 years.",
    "Appointment at 10:30, then 14:45 on the 3rd floor, room 12.",
    "I weigh 72.5 kg and am 1.68 m tall.",
    "Ward 7, bed 12, for 10 days.",
    "Week 0: 300 mg, week 2: 300 mg, then 600 mg every 24 weeks.",
    "Der Heimweg 20 Minuten, danach 2 Stunden Schlaf.",
    "On the way from London to 5 different hospitals.",
    "I saw 3 Neurologists and Dr Brown in 2011.",
    "It was 35 degrees on 1 August 2003 and I could not move.",
    "0.5 0.75 1.25 and 0.125 are the steps of the dose.",
    "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC3470203/ is worth reading",
    "My score was 7 out of 10, later 3/10.",
    "1 in 1000 people, 100 per 100,000 in Scotland.",
    "Patients number 250 in this trial, 125 in each arm.",
    "In hospital number two they were kinder.",
    "The 9-hole peg test took 23.4 s, the 25-foot walk 6.8 s.",
    "HLA-DRB1*15:01 raises the risk about 3 times.",
    "I am @vera in another forum.",
    "She was born with it, he got it at 45.",
    "The study ran from 2004-2008 with 1,106 people in 26 countries.",
    "My policy: rest 30 minutes for every 2 hours.",
    "CD19 count 12, IgG 6.8 g/l, ALT 45 U/l.",
    "ISBN 0306406152",
    "ISBN: 0140449264",
    "ISBN-10 0-306-40615-2, ISBN 1405133929",
    "grant no. 0123 456 789",
    "grant number K 0123 456 789",
    "white cell 4500-11000 is normal",
    "white cell: 4.5 5.6 7.8 9.0",
    "My white blood cell: 4500 5200 6100",
    "My T cell: 1200 900 750",
    "My B-cell 1200 900 750",
    "CD4 cell: 4.5 5.6 7.8 9.0",
    "mobile 10 20 30 40 50",
    "insurance: 12000",
    "chart: 10 20 30 40",
    "policy: 20 30 40 50",
    "hospital: 2010 2011",
    "hospital no. 10 20 30 40, patient id 2010 2011",
    "the clinic: 10000 patients",
]


def said(text: str) -> list[tuple[Kind, str]]:
    return [(one.kind, text[one.start : one.end]) for one in personal.find(text)]


@pytest.mark.parametrize(("kind", "text"), PRIVATE)
def test_what_looks_private_is_found(kind, text):
    assert kind in [found for found, _words in said(text)]


@pytest.mark.parametrize("text", HONEST)
def test_ordinary_numbers_of_an_illness_are_let_alone(text):
    assert said(text) == []


def test_the_lists_are_as_long_as_they_have_to_be():
    assert len(PRIVATE) >= 30
    assert len(HONEST) >= 40


def test_a_wrong_check_digit_is_no_health_number_and_passages_do_not_overlap():
    assert said("They wrote 9434765918 on the form.") == []
    text = "Vera, 12 Elm Road, SW1A 2AA, vera@mail.example, +44 20 7946 0958, born 3 May 1970"
    spans = [(one.start, one.end) for one in personal.find(text)]
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert len(spans) == 5


def endless(pattern: re.Pattern[str]) -> int:
    """How many repetitions without an end a pattern has."""
    todo, found = [_parser.parse(pattern.pattern, pattern.flags)], 0
    while todo:
        one = todo.pop()
        if isinstance(one, tuple) and one and one[0] in {_constants.MAX_REPEAT, _constants.MIN_REPEAT}:
            found += one[1][1] == _constants.MAXREPEAT
        if isinstance(one, tuple | list | _parser.SubPattern):
            todo += list(one)
    return found


def patterns() -> list[re.Pattern[str]]:
    """All patterns of the module, alone and in tuples."""
    said = [value for value in vars(personal).values() if isinstance(value, re.Pattern | tuple)]
    listed = [one for value in said for one in (value if isinstance(value, tuple) else [value])]
    return [one for one in listed if isinstance(one, re.Pattern)]


def test_no_pattern_repeats_without_an_end_so_that_no_text_costs_more_than_its_length():
    assert len(patterns()) > 20
    assert {one.pattern: endless(one) for one in patterns() if endless(one)} == {}


@pytest.mark.parametrize("pattern", [r"a(?:\sid)*b", r"[A-Z][\w-]*x", r"(?:(a+)b){2}", r"a.{2,}?b"])
def test_control_a_pattern_that_repeats_without_an_end_is_seen(pattern):
    assert endless(re.compile(pattern)) == 1


@pytest.mark.parametrize(("kind", "text"), PRIVATE)
def test_libphonenumber_is_asked_of_few_passages_and_short_ones(kind, text, monkeypatch):
    asked = []
    matcher, parse = personal.phonenumbers.PhoneNumberMatcher, personal.phonenumbers.parse
    monkeypatch.setattr(
        personal.phonenumbers,
        "PhoneNumberMatcher",
        lambda text, *a, **more: asked.append(text) or matcher(text, *a, **more),
    )
    monkeypatch.setattr(
        personal.phonenumbers, "parse", lambda text, *a: asked.append(text) or parse(text, *a)
    )
    found = personal.find((f"{text} " * 20_000)[:20_000])
    assert kind in [one.kind for one in found]
    assert len(asked) <= personal.MOST_NUMBERS * (len(personal.REGIONS) + 2)
    assert max(map(len, asked), default=0) <= personal.LONGEST_NUMBER
