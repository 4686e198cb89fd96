"""A letter as it goes over the wire: one text/plain part and no header that we did not choose."""

from email.charset import QP, Charset
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime

from django.core.mail import EmailMessage

from forum.mail.models import Letter

# Quoted-printable keeps every line below 76 characters and pure ASCII, whatever the text is (RFC 2045,
# 6.7), so no server has to know 8BITMIME.
_ENCODING = Charset("utf-8")
_ENCODING.body_encoding = QP
# Python folds headers at 78 characters; a long link would then begin on the line after its name.
_ONE_LINE = compat32.clone(max_line_length=998)


class _Unfolded(EmailMessage):
    def message(self) -> Message:
        built = super().message()
        built.policy = _ONE_LINE
        return built


def build(letter: Letter) -> EmailMessage:
    """The message of a letter; the same each time, Date and Message-ID included."""
    headers = {
        "Message-ID": letter.message_id,
        "Date": format_datetime(letter.not_before),
        "Auto-Submitted": "auto-generated",  # no answer of an absent person's mailbox (RFC 3834, 5)
    }
    message = _Unfolded(letter.subject, letter.text, to=[letter.to], headers=headers | letter.headers)
    message.encoding = _ENCODING
    return message
