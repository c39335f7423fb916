"""What somebody has chosen so far, carried from page to page in a signed address: no session, no cookie."""

from dataclasses import asdict, dataclass

from django.core import signing

LASTS_SECONDS = 6 * 3600
_SALT = "web.give"


@dataclass(frozen=True)
class Choice:
    """``campaign`` is the id of a campaign page, "" for the general fund; 0 means no amount yet."""

    campaign: str = ""
    amount_minor: int = 0
    currency: str = "EUR"
    monthly: bool = False


def write(choice: Choice) -> str:
    """The choice as text for an address. Signed, not hidden."""
    return signing.dumps(asdict(choice), salt=_SALT, compress=True)


def read(text: str) -> Choice | None:
    """The choice in an address; None when it is not ours or too old."""
    try:
        return Choice(**signing.loads(text, salt=_SALT, max_age=LASTS_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
