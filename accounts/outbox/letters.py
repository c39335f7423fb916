"""The words of each letter. A subject and a text that tell a stranger nothing; rooms add their own."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

Text = str | Promise
# The same for every letter: who looks over a shoulder cannot tell one from another.
SUBJECT = _("You have a message")
# Dropped where it would be sent; posting one costs as much time as posting a letter.
DECOY = "decoy"
MESSAGE = "message"


@dataclass(frozen=True)
class Letter:
    """``text`` may hold %(secret)s and %(address)s, which is ``page`` under ``MAIL_SITE_URL``."""

    name: str
    text: Text
    page: str = ""
    subject: Text = SUBJECT


_letters: dict[str, Letter] = {}


def register(*found: Letter) -> None:
    """Add letters; from ``AppConfig.ready``."""
    for letter in found:
        _letters[letter.name] = letter


def known(name: str) -> bool:
    """Whether a letter has words."""
    return name in _letters


def write(name: str, language: str, secret: str) -> tuple[str, str]:
    """Subject and text in a language. Raises KeyError."""
    letter = _letters[name]
    with override(language):
        address = f"{settings.MAIL_SITE_URL.rstrip('/')}/{language}{letter.page}"
        text = gettext(str(letter.text)) % {"secret": secret, "address": address}
        return str(letter.subject), text + "\n"


def register_own() -> None:
    """The letters of this room; from ``AppConfig.ready``."""
    register(Letter(MESSAGE, _("Something waits for you. Sign in as usual to read it.")))
