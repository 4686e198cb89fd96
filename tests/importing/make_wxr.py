"""WordPress exports of any size, always the same for the same seed, to be shuffled, cut and edited."""

import datetime
import random
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.importing.wxr import samples

BEGIN = datetime.datetime(2011, 6, 14, 8, 0, tzinfo=datetime.UTC)
PER_POST = 1000  # room for the numbers of one post's comments


@dataclass(frozen=True, slots=True)
class Words:
    """A comment: `parent` is the number of what it answers, 0 for none."""

    number: int
    parent: int
    body: str
    approved: str = "1"


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its comments, parents before their replies."""

    number: int
    body: str
    comments: list[Words] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Where it stood on its blog and stands here."""
        return f"/2014/03/05/post-{self.number}/"

    def edited(self, number: int, body: str) -> "Post":
        """The post with other words in one of its comments."""
        return replace(
            self, comments=[replace(c, body=body) if c.number == number else c for c in self.comments]
        )

    def longer(self, count: int, seed: int = 0) -> "Post":
        """The post with further comments, some of which answer the earlier ones."""
        chance = random.Random(f"{seed} {self.number}")
        comments = list(self.comments)
        for _ in range(count):
            number = self.number * PER_POST + len(comments) + 1
            parent = chance.choice([0, *(c.number for c in comments)])
            comments.append(Words(number, parent, f"Words {number} on post {self.number}."))
        return replace(self, comments=comments)


def posts(count: int, comments: int, seed: int = 0, first: int = 1) -> list[Post]:
    """So many posts with so many comments each."""
    return [
        Post(number, f"What is said in post {number}.").longer(comments, seed)
        for number in range(first, first + count)
    ]


def write(path: Path, given: list[Post], shuffled: int | None = None) -> Path:
    """Write an export; `shuffled` is the seed of another order of posts and of comments in them."""
    chance = random.Random(shuffled)
    order = list(given)
    if shuffled is not None:
        chance.shuffle(order)
    items = []
    for post in order:
        comments = list(post.comments)
        if shuffled is not None:
            chance.shuffle(comments)
        items.append(_item(post, comments))
    path.write_text(samples.wxr(*items), encoding="utf-8")
    return path


def tree(given: list[Post]) -> list[tuple[str, str | None, str]]:
    """What has to stand in the database: path, the body that is answered, and the body, sorted."""
    found = []
    for post in given:
        bodies = {words.number: words.body for words in post.comments}
        found += [(post.path, bodies.get(words.parent), words.body) for words in post.comments]
    return sorted(found, key=repr)


def _item(post: Post, comments: list[Words]) -> str:
    return samples.item(
        *(_comment(words) for words in comments),
        body=post.body,
        title=f"Post {post.number}",
        link=f"https://blog.example{post.path}",
        guid=f"https://blog.example/?p={post.number}",
        post_id=str(post.number),
    )


def _comment(words: Words) -> str:
    when = f"{BEGIN + datetime.timedelta(minutes=words.number):%Y-%m-%d %H:%M:%S}"
    return samples.comment(
        str(words.number),
        str(words.parent),
        words.body,
        author=f"Reader {words.number % 7}",
        date=when,
        date_gmt=when,
        approved=words.approved,
    )
