"""Demo people, for trying the site out and for nothing else."""

from django.conf import settings

from forum.accounts.models import Author, Role, User
from forum.accounts.writing import verify_address

PASSWORD = "afterword-demo"


class NotHereError(Exception):
    """Demo people have a known password, so they are refused on a real site."""


def seed_demo() -> list[str]:
    """Make `reader`, `moderator` and `admin`, and return their names; again changes nothing.

    Raises NotHereError when DEBUG is off.
    """
    if not settings.DEBUG:
        raise NotHereError("Demo people have a known password, so they are made only with DEBUG on.")
    for role in Role:
        user, made = User.objects.get_or_create(
            username=role.value, defaults={"role": role, "email": f"{role.value}@afterword.example"}
        )
        if made:
            user.set_password(PASSWORD)
            user.save(update_fields=["password"])
        verify_address(user)
        Author.objects.get_or_create(
            user=user, defaults={"kind": Author.Kind.ACCOUNT, "name": role.value.capitalize()}
        )
    return [role.value for role in Role]
