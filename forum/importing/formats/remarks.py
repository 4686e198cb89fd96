"""What every reader has to say of the texts that it found: wrong letters, and markup that acts."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import wraps

from forum.importing.records import ArchivedArticle, ArchivedComment, Records, Remark, Source
from forum.text.mojibake import Proposal, double_encoded_in, mojibake_in
from forum.text.removals import without_active

_PROPOSALS = {
    "mojibake": "was read in a wrong encoding somewhere on its way",
    "double_encoded": "was encoded twice",
}


def remarked(read: Callable[[Source], Records]) -> Callable[[Source], Records]:
    """A reader that also remarks on its articles' texts; see `remark_on`."""

    @wraps(read)
    def reading(source: Source) -> Records:
        for record in read(source):
            if isinstance(record, ArchivedArticle):
                remark_on(record)
            yield record

    return reading


def remark_on(article: ArchivedArticle) -> None:
    """Adds remarks on the texts of an article and its comments, and takes markup that acts out of them.

    `mojibake` and `double_encoded` propose with words before and after, and change nothing (cases B4,
    B5); `markup_removed` counts by element what was taken out (B6).
    """
    removed: Counter[str] = Counter()
    for text in (article, *article.comments):
        if text.body_format == "html":
            text.body, counts = without_active(text.body)
            removed += counts
        article.remarks += _proposals(text)
    if removed:
        told = ", ".join(f"{number} × {name}" for name, number in sorted(removed.items()))
        message = f"Markup that acts or tracks was removed and the words kept: {told}."
        article.remarks.append(Remark("markup_removed", article.source_id, message))


def _proposals(text: ArchivedArticle | ArchivedComment) -> Iterator[Remark]:
    if isinstance(text, ArchivedArticle):
        name, key, label = "The post", text.source_id, text.title
    else:
        name, key, label = f"Comment {text.key}", text.key, text.author_name
    found = {
        "mojibake": mojibake_in(text.body) or mojibake_in(label),
        "double_encoded": double_encoded_in(text.body, text.body_format == "html")
        or double_encoded_in(label, False),
    }
    for code, proposal in found.items():
        if proposal:
            yield Remark(code, key, _message(name, _PROPOSALS[code], proposal))


def _message(name: str, why: str, proposal: Proposal) -> str:
    before, after = (" ".join(words.split()) for words in proposal)
    return f"{name} looks as if it {why}: “{before}” would read “{after}”. It stays as it is."
