"""How modules may be called."""

# The fixed names, and in each room the verbs and the nouns that they act on.
FIXED = {
    *("__init__", "models", "states", "queries", "writing", "permissions"),
    *("forms", "views", "urls", "admin"),
}
ACTS = {
    "text": {
        *("clean", "render", "excerpt", "tidy", "names", "mojibake", "removals", "differences"),
        *("folding", "personal", "moments", "words"),
    },
    "web": {"address", "origin", "paging", "redirects", "parts"},
    "mail": {"failures", "headers", "message", "quoting", "sender"},
    "accounts": {
        *(
            "adapter",
            "viewer",
            "addresses",
            "names",
            "roles",
            "mute",
            "backends",
            "throttle",
            "second_factor",
        ),
        *("links", "invitations", "evenness", "unsent"),
    },
    "articles": {"paths", "publish"},
    "jobs": {"alive", "progress", "cancel"},
    "threads": {"tree", "check", "reading", "authors", "revisions", "moving", "erasing"},
    "sources": {"keys", "ledger", "addresses"},
    "search": {"index", "words"},
    "notifications": {"notices", "subscriptions", "digests", "listening"},
    "moderation": {
        *(
            "cases",
            "claims",
            "decisions",
            "rules",
            "reports",
            "bans",
            "models_people",
            "models_policy",
            "models_requests",
            "bulk",
            "edits",
            "undo",
        ),
        *("cards", "queue", "leases", "notes", "people", "reasons", "articles", "filters"),
        *("policy", "words", "rehearsal", "spam", "appeals", "takedowns", "requests", "log"),
        *("statistics", "letters", "matching"),
    },
    "posting": {
        "replies",
        "answers",
        "limits",
        "edits",
        "reports",
        "status",
        "verification",
        *("appeals", "takedowns", "hints", "withdraw"),
    },
    "importing": {
        *("records", "identity", "files", "plan", "load", "undo", "report", "drawing", "uploads"),
        *("containers", "keep", "match", "background", "corrections", "preview"),
    },
    "pages": {"people", "claims", "log"},
    "exporting": {"afterword", "wxr", "static"},
    "feeds": {"feeds", "sitemaps"},
    "api": {"schemas"},
    "privacy": {"export", "erase"},
    "upkeep": {"demo", "retention", "health", "backup", "letters"},
}
# The last two are what several formats share.
FORMATS = {"reading_view", "wxr", "blogger", "disqus", "html", "warc", "wacz", "afterword", "xml", "remarks"}
