"""How allauth's second factors behave on this site: their names, and secrets that a copy does not betray."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from forum.accounts.models import User
from forum.site.models import SitePolicy


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks this site about second factors."""

    def get_totp_issuer(self) -> str:
        """The name under which an app lists the account: the site's."""
        return SitePolicy.objects.current().name

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What a passkey is called until its owner names it."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return _("Passkey %(number)s") % {"number": count + 1}

    def encrypt(self, text: str) -> str:
        """A secret as it is stored: a copy of the database alone opens no second factor (ASVS 5, 11.3)."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret, also one stored under an older key of SECRET_KEY_FALLBACKS. Raises ValueError else."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise ValueError("A second factor was stored under another SECRET_KEY.") from None


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [
        salted_hmac("afterword.factors", "key", secret=key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
