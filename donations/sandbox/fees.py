"""What Stripe would keep of a payment. Rates are settings: an agreement with Stripe may differ."""

from dataclasses import dataclass

# Countries whose cards have the lower rate: the European Economic Area.
EEA = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT",
        "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip


@dataclass(frozen=True)
class FeeTable:
    """Rates in basis points (1.5 % = 150) and fixed parts in minor units of the payment's own currency."""

    eea_card_points: int = 150
    other_card_points: int = 290
    card_fixed_minor: int = 25
    sepa_debit_minor: int = 35
    dispute_minor: int = 2000
    direct_debit_dispute_minor: int = 750
    dispute_won_returned_minor: int = 0
    refund_minor: int = 0
    payout_minor: int = 0
    failed_debit_minor: int = 0

    def fee(self, *, amount_minor: int, method: str, country: str) -> int:
        """Fee in minor units, rounded half up. `method` is "card" or "sepa_debit"."""
        if method == "sepa_debit":
            return self.sepa_debit_minor
        points = self.eea_card_points if country in EEA else self.other_card_points
        return (amount_minor * points + 5_000) // 10_000 + self.card_fixed_minor
