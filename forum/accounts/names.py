"""Names that people give themselves, as forms take them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forum.accounts.queries import staff_names
from forum.text import names

WRONG = {
    names.EMPTY: _("Please give a name. It need not be your real one."),
    names.LONG: _("The name may be %(limit)s characters long at most."),
    names.MANY_MARKS: _("The name has more marks on a letter than can be shown."),
    names.MIXED: _("The name mixes letters of several scripts in one word; please write it in one."),
    names.STAFF: _("This name could be taken for somebody of the staff; please choose another."),
}


def checked(text: str, *, is_staff: bool = False) -> str:
    """A name in the form in which it is stored (figure U1). Raises ValidationError with one sentence.

    People of the staff may have a name that looks like the staff's.
    """
    try:
        return names.checked(text, () if is_staff else staff_names())
    except names.NotANameError as error:
        if is_staff and error.args[0] == names.STAFF:
            return names.tidy(text)
        raise ValidationError(WRONG[error.args[0]], params={"limit": names.LONGEST}) from None
