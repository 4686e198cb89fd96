"""Knows by their classes the parts of comments and posts that nobody wrote: buttons, widgets, labels."""

from lxml import etree

from forum.importing.formats.html.page import text_of, tokens
from forum.importing.formats.reading_view.tails import is_button, is_held_notice

DROPPED_TAGS = frozenset(
    {
        *("script", "style", "noscript", "template", "iframe", "object", "embed", "form", "input", "button"),
        *("select", "textarea", "svg", "math", "canvas", "audio", "video", "nav", "map", "applet", "head"),
        *("title", "meta", "link", "source", "track", "param"),
    }
)
_HEADS_OF_COMMENTS = frozenset(
    {
        *("comment-author", "comment_author", "comment-author-link", "comment-author-name", "commentauthor"),
        *("vcard", "fn", "says", "avatar", "photo", "comment-avatar", "gravatar", "user", "comment-header"),
        *(
            "comment-head",
            "comment-meta",
            "commentmetadata",
            "comment-metadata",
            "comment_meta",
            "commentmeta",
        ),
        *("comment-info", "comment-date", "comment-time", "comment_date", "datetime", "comment-timestamp"),
        *(
            "comment-permalink",
            "comment-number",
            "comment-count",
            "wp-block-comment-author-name",
            "wp-block-avatar",
        ),
        *("wp-block-comment-date", "wp-block-comment-author-avatar", "wpd-comment-header", "wpd-avatar"),
        *("avatar-image-container", "wpd-comment-left", "comment-parent-link", "in-reply-to"),
    }
)
_BUTTONS = frozenset(
    {
        *("reply", "comment-reply", "comment-reply-link", "comment_reply", "comment-edit-link", "edit-link"),
        *(
            "edit-comment",
            "comment-util",
            "comment-tools",
            "comment-actions",
            "comment-footer",
            "item-control",
        ),
        *("comment-likes", "comment-like-link", "comment-like-feedback", "comment-rating", "comment-votes"),
        *("wp-block-comment-edit-link", "wp-block-comment-reply-link", "wpd-comment-footer", "wpd-tools"),
        *("comment-awaiting-moderation", "awaiting-moderation", "comment-delete", "thread-toggle"),
        *("interaction-iframe-guide", "comment-respond", "wpcnt", "cancel-comment-reply", "continue"),
    }
)
_WIDGETS = frozenset(
    {
        *("sharedaddy", "jp-relatedposts", "wpcnt", "wpa", "wordads-tag", "addtoany_share_save_container"),
        *("addtoany_content", "a2a_kit", "share", "share-post", "post-share", "share-buttons", "share-this"),
        *(
            "social-share",
            "social",
            "socialshare",
            "shareaholic-canvas",
            "ssba",
            "heateor_sss_sharing_container",
        ),
        *(
            "yarpp",
            "yarpp-related",
            "related",
            "related-posts",
            "relatedposts",
            "crp_related",
            "post-ratings",
        ),
        *("jetpack-likes-widget-wrapper", "likes-widget-placeholder", "robots-nocontent", "printfriendly"),
        *(
            "entry-meta",
            "entry-utility",
            "entry-footer",
            "post-footer",
            "postmetadata",
            "post-meta",
            "postmeta",
        ),
        *(
            "meta",
            "byline",
            "posted-on",
            "cat-links",
            "tags-links",
            "comments-link",
            "edit-link",
            "author-box",
        ),
        *("author-info", "author-bio", "about-author", "navigation", "post-navigation", "nav-links", "tags"),
        *(
            "comments",
            "comments-area",
            "comment-respond",
            "post-tags",
            "entry-tags",
            "feedback",
            "page-links",
        ),
        *("post-edit-link", "blog-pager", "post-share-buttons", "jump-link", "date-header", "post-header"),
        *("sd-block", "sd-sharing-enabled", "wp-block-comments", "wp-block-post-comments", "skip-link"),
        *("wp-block-post-navigation-link", "wp-block-jetpack-sharing-buttons", "wp-block-jetpack-like"),
    }
)
_WIDGET_IDS = frozenset({"jp-post-flair", "jp-relatedposts", "comments", "respond", "author-info", "sharing"})
_WIDGET_PREFIXES = ("atatags-", "like-post-wrapper-", "google_ads", "div-gpt-ad", "crp_related")
_LIKE = "comment-like-"
_SHORT = 60


def is_head_of_comment(element: etree._Element) -> bool:
    """Whether an element inside a comment names its author or date and is no part of the text."""
    return bool(tokens(element) & _HEADS_OF_COMMENTS)


def is_button_of_comment(element: etree._Element) -> bool:
    """Whether an element inside a comment is a button, a rating, a notice or a form."""
    if element.tag in DROPPED_TAGS or (element.get("id") or "").startswith(
        (_LIKE, "comment_editor_", "respond")
    ):
        return True
    if tokens(element) & _BUTTONS:
        return True
    short = element.tag in {"a", "em", "p", "span", "small", "div"} and len(element) < 3
    return short and is_notice(element)


def is_notice(element: etree._Element) -> bool:
    """Whether an element says that its comment waits, or is a link that answers or likes it."""
    if len(element.text or "") > 3 * _SHORT:
        return False
    text = text_of(element, 4 * _SHORT)
    return is_held_notice(text) or (element.tag == "a" and _acts(element) and is_button(text))


def is_widget(element: etree._Element) -> bool:
    """Whether an element inside a post is a widget: sharing, likes, related posts, tags, navigation."""
    identity = element.get("id") or ""
    if element.tag in DROPPED_TAGS or identity in _WIDGET_IDS or identity.startswith(_WIDGET_PREFIXES):
        return True
    return bool(tokens(element) & _WIDGETS)


def _acts(element: etree._Element) -> bool:
    """Whether a link does something on the page; a link to another site is part of the text."""
    href = element.get("href") or "#"
    return href.startswith(("#", "javascript:")) or "replytocom=" in href or "like_comment=" in href
