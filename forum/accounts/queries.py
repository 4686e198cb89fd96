"""Finding people."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from forum.accounts.models import Author, Invitation, Role, User


def staff_names() -> set[str]:
    """The names that people of the staff go by: as accounts and as authors. One statement."""
    staff = User.objects.filter(is_active=True).exclude(role=Role.READER)
    rows = staff.values_list("username", "first_name", "last_name", "author__name")
    names = {name for username, first, last, shown in rows for name in (username, f"{first} {last}", shown)}
    return {name.strip() for name in names if name and name.strip()}


def public_name(user: User) -> str:
    """The name that an account's words carry: its author's, else the account's."""
    author = Author.objects.filter(user=user).first()
    return author.name if author is not None and author.name else user.get_username()


def people(words: str) -> QuerySet[User]:
    """Accounts whose user name, address or shown name holds the words; all of them for none."""
    found = User.objects.select_related("author").order_by("username", "pk")
    words = words.strip()[:100].replace("\0", "")
    if not words:
        return found
    return found.filter(
        Q(username__icontains=words) | Q(email__icontains=words) | Q(author__name__icontains=words)
    )


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that can be accepted, the newest first."""
    opened = Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now())
    return opened.exclude(token_hash="").select_related("by").order_by("-at", "-pk")
