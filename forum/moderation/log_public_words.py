"""What the public log calls what was done, in plain words; each takes how often."""

from django.utils.functional import Promise
from django.utils.translation import ngettext_lazy

WORDS: dict[str, Promise] = {
    "approved": ngettext_lazy("%(n)s reply was published.", "%(n)s replies were published.", "n"),
    "rejected": ngettext_lazy("%(n)s reply was not published.", "%(n)s replies were not published.", "n"),
    "spam": ngettext_lazy("%(n)s comment was marked as spam.", "%(n)s comments were marked as spam.", "n"),
    "removed": ngettext_lazy("%(n)s comment was removed.", "%(n)s comments were removed.", "n"),
    "restored": ngettext_lazy("%(n)s comment was shown again.", "%(n)s comments were shown again.", "n"),
    "kept": ngettext_lazy(
        "%(n)s reported comment was looked at and stays.",
        "%(n)s reported comments were looked at and stay.",
        "n",
    ),
    "edited": ngettext_lazy(
        "The words of %(n)s comment were edited.", "The words of %(n)s comments were edited.", "n"
    ),
    "edit_accepted": ngettext_lazy(
        "%(n)s author's edit was published.", "%(n)s authors' edits were published.", "n"
    ),
    "edit_declined": ngettext_lazy(
        "%(n)s author's edit was not published.", "%(n)s authors' edits were not published.", "n"
    ),
    "closed": ngettext_lazy("%(n)s thread was closed.", "%(n)s threads were closed.", "n"),
    "reopened": ngettext_lazy("%(n)s thread was opened again.", "%(n)s threads were opened again.", "n"),
    "erased": ngettext_lazy("%(n)s comment was erased.", "%(n)s comments were erased.", "n"),
    "unnamed": ngettext_lazy(
        "The name was taken off %(n)s comment.", "The names were taken off %(n)s comments.", "n"
    ),
    "article_correct": ngettext_lazy("%(n)s article was corrected.", "%(n)s articles were corrected.", "n"),
    "article_hide": ngettext_lazy("%(n)s article was hidden.", "%(n)s articles were hidden.", "n"),
    "article_show": ngettext_lazy("%(n)s article was shown.", "%(n)s articles were shown.", "n"),
    "article_close": ngettext_lazy(
        "%(n)s article was closed to replies.", "%(n)s articles were closed to replies.", "n"
    ),
    "article_reopen": ngettext_lazy(
        "%(n)s article was opened to replies.", "%(n)s articles were opened to replies.", "n"
    ),
    "article_merge": ngettext_lazy(
        "%(n)s article was merged into another.", "%(n)s articles were merged into others.", "n"
    ),
    "article_move": ngettext_lazy(
        "%(n)s branch of a discussion was moved.", "%(n)s branches of discussions were moved.", "n"
    ),
    "article_split": ngettext_lazy(
        "%(n)s branch became a thread of its own.", "%(n)s branches became threads of their own.", "n"
    ),
    "article_undo": ngettext_lazy("%(n)s of these was undone.", "%(n)s of these were undone.", "n"),
    "banned": ngettext_lazy(
        "%(n)s ban from writing was spoken.", "%(n)s bans from writing were spoken.", "n"
    ),
    "refused": ngettext_lazy(
        "%(n)s take-down request was refused.", "%(n)s take-down requests were refused.", "n"
    ),
    "answered": ngettext_lazy(
        "%(n)s take-down request was met in another way.",
        "%(n)s take-down requests were met in other ways.",
        "n",
    ),
    "policy": ngettext_lazy(
        "%(n)s change was made to the rules of moderation.",
        "%(n)s changes were made to the rules of moderation.",
        "n",
    ),
}
