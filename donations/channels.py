"""What each way of giving shows, and to whom: worked out from the settings that really hold.

Nobody is told of a channel that is not there, and no name is called neutral that was not registered.
"""

from dataclasses import dataclass
from email.utils import parseaddr

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from donations.checkout import MONTHLY_NAME, PRODUCT_NAME
from donations.stripe_gateway import METHODS

Text = str | Promise
CARD, DEBIT, MAIL = "card", "sepa_debit", "mail"
TITLES: dict[str, Text] = {
    CARD: gettext_lazy("A card"),
    DEBIT: gettext_lazy("A SEPA direct debit"),
    MAIL: gettext_lazy("Our mail, if you leave an address"),
}


@dataclass(frozen=True)
class Sight:
    """One sentence: who sees what."""

    who: Text
    sees: str


@dataclass(frozen=True)
class Channel:
    """A way of giving, or of being written to, with all who see something of it."""

    key: str
    title: Text
    sights: tuple[Sight, ...]


def channels(*, monthly: bool = False) -> list[Channel]:
    """All that are in use here, in the reader's language."""
    found = [_METHODS[method](monthly) for method in METHODS if method in _METHODS]
    return [*found, _mail()] if settings.MAIL_ON else found


def processor() -> str:
    """Who handles the payment: the sandbox of a demo is not called Stripe."""
    return _("The payment sandbox of this demo") if settings.STRIPE_BASE_URL else "Stripe"


def _card(monthly: bool) -> Channel:
    name = MONTHLY_NAME if monthly else PRODUCT_NAME
    return Channel(
        CARD,
        TITLES[CARD],
        (
            Sight(_("Your bank"), _bank_line() + " " + _("The number leads to us.")),
            _processor(name, _("your card, your name and e-mail address as you type them there")),
            Sight(
                _("We"), _("the amount, the day and the country of the card; not its number, not your name.")
            ),
        ),
    )


def _debit(monthly: bool) -> Channel:
    name = MONTHLY_NAME if monthly else PRODUCT_NAME
    creditor = settings.SEPA_CREDITOR_NAME or _("our registered name")
    if settings.SEPA_CREDITOR_ID:
        creditor += f" ({settings.SEPA_CREDITOR_ID})"
    return Channel(
        DEBIT,
        TITLES[DEBIT],
        (
            Sight(
                _("Your bank"),
                _("the date, the amount, and %(creditor)s as creditor with a mandate’s number.")
                % {"creditor": creditor},
            ),
            _processor(name, _("your name and your account number")),
            Sight(
                _("Your mailbox"),
                _("a notice before each debit, which the rules of SEPA demand; so it needs a real address."),
            ),
            Sight(_("We"), _("the amount and the day; your name only where the bank contests a debit.")),
        ),
    )


def _mail() -> Channel:
    return Channel(
        MAIL,
        TITLES[MAIL],
        (
            Sight(
                _("Your mailbox"),
                _("a sender, %(sender)s, the subject “%(subject)s”, and a link; no amount, no purpose.")
                % {"sender": parseaddr(settings.DEFAULT_FROM_EMAIL)[1], "subject": _("You have a message")},
            ),
            Sight(_("Our mail relay"), _("your address, each time we write to it.")),
            Sight(
                _("Whoever seized our running server"),
                _("could test whether a given address is one of those we know; never list them by that."),
            ),
        ),
    )


def _bank_line() -> str:
    if settings.STATEMENT_NAME:
        return _("the date, the amount, the text “%(name)s” and a merchant’s number.") % {
            "name": settings.STATEMENT_NAME
        }
    return _("the date, the amount, the name under which we are registered and a merchant’s number.")


def _processor(name: str, learns: str) -> Sight:
    words = _("%(learns)s; for us it keeps the amount, the word “%(word)s” and a number without meaning.")
    return Sight(processor(), words % {"learns": learns, "word": name})


_METHODS = {CARD: _card, DEBIT: _debit}
