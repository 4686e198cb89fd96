"""Makes a WordPress export of any size, the same one every time."""

import datetime
import random
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

_TEXT = """
about after again against almost always answer another because before better between body brain
breathe cannot clinic could course doctor dose enough every feel fatigue first friend good half
happen health heart help hope hour house however important keep knee later legs letter life light
little long many maybe medicine meeting mind morning moved much nerve never night nothing nurse
often once other paper patient people perhaps person place point probably question quite rather
reading really right scan seems several should sleep slowly small some something steady still study
summer talk than that their there these thing think those though time today together treatment
trial under until walking water week what where which while winter without word work world would
year yesterday young
"""
WORDS = _TEXT.split()
MARKUP = (
    '<a href="https://example.org/paper/{}/">the paper</a>',
    "<em>not</em>",
    "<strong>never</strong>",
    "p<0.05",
    "<3",
    "salt & pepper",
    "<blockquote>you said so</blockquote>",
)
DEEPEST = 10
FIRST_DAY = datetime.datetime(2008, 1, 1, 8, tzinfo=datetime.UTC)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Still waters</title><link>https://stillwaters.example</link><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://stillwaters.example</wp:base_site_url>
<wp:base_blog_url>https://stillwaters.example</wp:base_blog_url>
"""
_ITEM = """<item><title>{title}</title><link>https://stillwaters.example/{day:%Y/%m/%d}/post-{n}/</link>
<pubDate>{day:%a, %d %b %Y %H:%M:%S} +0000</pubDate><dc:creator><![CDATA[editor]]></dc:creator>
<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{n}</wp:post_id>
<wp:post_date>{day:%Y-%m-%d %H:%M:%S}</wp:post_date>
<wp:post_date_gmt>{day:%Y-%m-%d %H:%M:%S}</wp:post_date_gmt>
<wp:post_name>post-{n}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
"""
_COMMENT = """<wp:comment><wp:comment_id>{id}</wp:comment_id>
<wp:comment_author><![CDATA[{name}]]></wp:comment_author>
<wp:comment_author_email>{name}@example.org</wp:comment_author_email>
<wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP>192.0.2.1</wp:comment_author_IP>
<wp:comment_date>{at:%Y-%m-%d %H:%M:%S}</wp:comment_date>
<wp:comment_date_gmt>{at:%Y-%m-%d %H:%M:%S}</wp:comment_date_gmt>
<wp:comment_content><![CDATA[{body}]]></wp:comment_content>
<wp:comment_approved>{approved}</wp:comment_approved><wp:comment_type></wp:comment_type>
<wp:comment_parent>{parent}</wp:comment_parent><wp:comment_user_id>{user}</wp:comment_user_id></wp:comment>
"""


def write(path: Path, posts: int, comments: int, *, first: int = 1) -> None:
    """An export with so many posts, numbered from `first`, and so many comments.

    Bodies have 55 to 62 words, threads are 1 to 10 deep. One comment in twenty waits for a moderator, one
    in three holds markup, one in ten is signed in.
    """
    chance = random.Random(20121031)  # noqa: S311
    shares = [comments // posts + (n < comments % posts) for n in range(posts)]
    number = 1000 * (first - 1)
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for n, share in enumerate(shares, start=first):
            day = FIRST_DAY + datetime.timedelta(hours=7 * n)
            title = escape(" ".join(chance.choices(WORDS, k=5)).capitalize())
            body = "\n\n".join(_words(chance) for _ in range(3))
            file.write(_ITEM.format(title=title, day=day, n=n, body=body))
            file.writelines(_thread(chance, day, number + 1, share))
            file.write("</item>\n")
            number += share
        file.write("</channel></rss>\n")


def _thread(chance: random.Random, day: datetime.datetime, first: int, share: int) -> Iterator[str]:
    depths: dict[int, int] = {}
    for id_ in range(first, first + share):
        open_ = [other for other, depth in depths.items() if depth < DEEPEST]
        parent = chance.choice(open_[-4:]) if open_ and chance.random() < 0.6 else 0
        depths[id_] = depths.get(parent, 0) + 1
        yield _COMMENT.format(
            id=id_,
            name=f"{chance.choice(WORDS)}.{chance.choice(WORDS)}",
            at=day + datetime.timedelta(minutes=3 * (id_ - first + 1)),
            body=_words(chance),
            approved=int(chance.random() >= 0.05),
            parent=parent,
            user=chance.randint(1, 50) if chance.random() < 0.1 else 0,
        )


def _words(chance: random.Random) -> str:
    words = chance.choices(WORDS, k=chance.randint(55, 62))
    words[20] += ".\n\n"
    if chance.random() < 1 / 3:
        words[10] = chance.choice(MARKUP).format(chance.randint(1, 999))
    return " ".join(words).replace("\n ", "\n")
