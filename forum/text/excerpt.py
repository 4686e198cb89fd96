"""The first words of a text."""


def excerpt(text: str, limit: int = 140) -> str:
    """At most `limit` characters of `text` on one line, cut between words, with an ellipsis when cut."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:–-") + "…"
