"""What state an entry is in: Takeout's status, the old export's marks, and Blogger's removal notices."""

import re

from forum.importing.formats.blogger.entries import Entry

_COMMENT_STATES = {
    "": "visible",
    "LIVE": "visible",
    "PENDING": "held",
    "SPAM_COMMENT": "spam",
    "SPAM": "spam",
    "EMPTIED": "removed",
}
_POST_STATES = {
    **{"": "published", "LIVE": "published", "DRAFT": "draft", "PENDING": "pending"},
    **{"SCHEDULED": "future", "TRASHED": "trash", "SOFT_TRASHED": "trash"},
}
_MARKUP = re.compile(r"<[^>]{0,200}>")
# Bodies that Blogger writes itself where a comment was (G4), by the language of the blog.
_NOTICES = re.compile(
    r"(?:this (?:comment|post) has been removed by (?:the author|a blog administrator)"
    r"|(?:dieser|der) kommentar wurde (?:vom (?:autor|verfasser)|von einem blog-administrator) entfernt"
    r"|(?:el autor|un administrador del blog) ha eliminado (?:este comentario|esta entrada)"
    r"|este comentario ha sido eliminado por (?:el autor|un administrador del blog)"
    r"|ce commentaire a été supprimé par (?:l'auteur|un administrateur du blog)"
    r"|questo commento è stato eliminato (?:dall'autore|da un amministratore del blog)"
    r"|este comentário foi removido (?:pelo autor|por um administrador do blogu?e?)"
    r"|deze reactie is verwijderd door (?:de auteur|een blogbeheerder)"
    r"|ten komentarz został usunięty przez (?:autora|administratora bloga)"
    r"|этот комментарий был удал[её]н (?:автором|администратором блога)"
    r"|bu yorum (?:yazar|bir blog yöneticisi) tarafından (?:silindi|kaldırıldı)"
    r"|den här kommentaren har tagits bort av (?:författaren|skribenten|en bloggadministratör)"
    r"|denne kommentar(?:en)? (?:er|har blitt|er blitt) fjernet a[fv] (?:forfatteren|en bloggadministrator)"
    r"|l'autor ha eliminat aquest comentari"
    r"|komentar ini telah dihapus oleh (?:pengarang|administrator blog)"
    r"|このコメントは(?:投稿者|ブログの管理者)によって削除されました"
    r"|作者已(?:删除此评论|移除這則留言))"
    r"\s*[.。]?"
)


def comment_state(entry: Entry, body: str) -> tuple[str, str]:
    """A comment's state, and the status that the state cannot express ("" when it can).

    What is not known to be public is held. Spam stays spam in the trash, so that it is not shown as
    an answer that somebody withdrew.
    """
    status = entry.text("blogger:status").upper()
    state = _COMMENT_STATES.get(status, "held")
    unknown = "" if status in _COMMENT_STATES else status
    if state != "spam" and (entry.is_trashed() or _is_removed(entry, body)):
        return "removed", unknown
    if state == "visible" and entry.is_draft():
        return "held", unknown
    return state, unknown


def post_state(entry: Entry) -> tuple[str, str]:
    """A post's state, and the status that the state cannot express; unknown ones stay drafts."""
    status = entry.text("blogger:status").upper()
    unknown = "" if status in _POST_STATES else status
    if entry.is_trashed():
        return "trash", unknown
    if entry.is_draft():
        return "draft", unknown
    return _POST_STATES.get(status, "draft"), unknown


def is_notice(body: str) -> bool:
    """Whether a body is nothing but Blogger's notice that a comment was removed."""
    if len(body) > 400:
        return False
    text = " ".join(_MARKUP.sub(" ", body).replace("’", "'").replace("&#39;", "'").split())
    return bool(_NOTICES.fullmatch(text.casefold()))


def _is_removed(entry: Entry, body: str) -> bool:
    removed = entry.properties().get("blogger.contentRemoved", "")
    return removed.lower() == "true" or is_notice(body)
