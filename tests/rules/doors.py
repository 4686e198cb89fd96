"""Who may enter where: a policy for every address that the site answers."""

from itertools import chain

# What an address is for each of the cast. "everybody": nobody is sent away. "members": visitors are sent to
# sign-in. "desk": visitors are sent to sign-in, and what is not for somebody does not exist for them.
# "admins": the same, and moderators stand outside. "link": a page behind a mailed token, gone without a good
# one. "nobody": not there unless DEBUG is on. "library": pages of allauth, whose own rules hold.
POLICIES = {
    "everybody": [
        *("<path:path>/", "<path:path>/follow/", "<path:path>/reply/", "", "healthz"),
        *(f"comments/<int:number>/{act}/" for act in ("status", "change", "withdraw", "appeal")),
        "comments/<int:number>/change/take-back/",
        *("comments/<int:number>/report/", "comments/<int:number>/take-down/", "reported/"),
        *("take-down/", "take-down/asked/"),
        *("comments/<int:number>/", "people/<int:number>/", "following/", "following/asked/"),
        "moderation-log/",
    ],
    "members": [
        *("comments/<int:number>/claim/", "people/<int:number>/mute/", "people/<int:number>/unmute/"),
        *("people/muted/", "accounts/", "accounts/sessions/", "accounts/sessions/<int:number>/end/"),
        "accounts/unsent/",
    ],
    "desk": [
        *("moderation/", "moderation/decided/", "moderation/decide/", "moderation/undo/", "moderation/keys/"),
        *("moderation/bulk/", "moderation/batches/<uuid:batch>/", "moderation/batches/<uuid:batch>/go-on/"),
        *("moderation/lease/", "moderation/claims/", "moderation/claims/decide/"),
        *("moderation/claims/decided/", "moderation/claims/take-back/", "moderation/bans/"),
        *("moderation/requests/", "moderation/requests/<int:number>/"),
        "moderation/requests/<int:number>/attach/",
        *("moderation/bans/<int:number>/lift/", "moderation/article-acts/undo/", "moderation/articles/"),
        *("moderation/log/", "moderation/log.csv", "moderation/statistics/", "moderation/statistics.csv"),
        *("moderation/letters/", "moderation/by-mail/<str:token>/", "moderation/policy/"),
        *("moderation/articles/find-comment/", "moderation/edits/decide/", "moderation/appeals/answer/"),
        *("moderation/rules/", "moderation/rules/rules.csv"),
        *(f"moderation/articles/<int:number>/{act}" for act in ("", "close/", "correct/", "hide/")),
        *(f"moderation/articles/<int:number>/{act}" for act in ("merge/", "reopen/", "show/")),
        *(f"moderation/comments/<int:number>/{act}" for act in ("", "answer/", "ban/", "edit/")),
        *(f"moderation/comments/<int:number>/{act}" for act in ("move/", "notes/")),
        *(f"moderation/people/<int:number>/{act}" for act in ("", "ban/", "notes/", "stop-trusting/")),
    ],
    "admins": [
        *("admin/import/", "moderation/bans/add/"),
        *(f"admin/import/<int:number>/{act}" for act in ("", "apply/", "cancel/", "correct/", "preview/")),
        *(f"admin/import/<int:number>/{act}" for act in ("ledger.csv", "ledger.json", "redo/", "undo/")),
        *("moderation/policy/undo/", "moderation/articles/<int:number>/mode/", "moderation/rules/add/"),
        *("moderation/rules/import/", "moderation/rules/<int:number>/"),
        *("moderation/rules/<int:number>/switch/", "moderation/rehearsals/<int:number>/"),
        *("moderation/rehearsals/<int:number>/cancel/", "moderation/spam/"),
        *("accounts/people/", "accounts/people/invite/", "accounts/people/<int:number>/role/"),
        *("accounts/people/<int:number>/switch/", "accounts/people/invitations/<int:number>/withdraw/"),
    ],
    "link": [
        *("following/confirm/<str:token>/", "following/end/<str:token>/", "following/of/<str:token>/"),
        *("verify/<str:token>/", "status/<str:token>/", "accounts/invitation/<str:token>/"),
    ],
    "nobody": ["upkeep/letters/"],
    "library": [
        r"accounts/^confirm-email/(?P<key>[-:\w]+)/$",
        r"accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        *(f"accounts/{page}/" for page in ("confirm-email", "email", "inactive", "login", "login/code")),
        *(f"accounts/{page}/" for page in ("login/code/confirm", "logout", "password/change")),
        *(f"accounts/{page}/" for page in ("password/reset", "password/reset/done")),
        *(f"accounts/{page}/" for page in ("password/reset/key/done", "password/set", "reauthenticate")),
        *("accounts/signup/", "accounts/second-factor/"),
        *(f"accounts/second-factor/{page}/" for page in ("authenticate", "reauthenticate", "webauthn")),
        *(f"accounts/second-factor/recovery-codes/{page}" for page in ("", "download/", "generate/")),
        *(f"accounts/second-factor/totp/{page}/" for page in ("activate", "deactivate")),
        *(f"accounts/second-factor/webauthn/{page}/" for page in ("add", "login", "reauthenticate")),
        *(f"accounts/second-factor/webauthn/keys/<int:pk>/{act}/" for act in ("edit", "remove")),
    ],
}
POLICY_OF = {route: name for name, routes in POLICIES.items() for route in routes}
DECLARED = list(chain.from_iterable(POLICIES.values()))

VISITOR, READER, AUTHOR, DEMOTED = "a visitor", "a reader", "the author", "somebody demoted"
MODERATOR, ADMIN = "a moderator", "an admin"
CAST = (VISITOR, READER, AUTHOR, DEMOTED, MODERATOR, ADMIN)
INSIDE = {"desk": {MODERATOR, ADMIN}, "admins": {ADMIN}, "members": set(CAST) - {VISITOR}}


def ought(policy: str, role: str) -> str:
    """`in`, `away` (302 to sign-in) or `nothing` (404) for somebody at an address; "" where allauth rules."""
    if policy == "library":
        return ""
    if policy == "nobody":
        return "nothing"
    if policy in {"everybody", "link"} or role in INSIDE[policy]:
        return "in"
    return "away" if role == VISITOR else "nothing"
