"""Books, funds, costs and claims."""

from treasury.models.books import Account, Balance, Counter, Hold, Journal, Lot, Period, Transfer
from treasury.models.claims import Claim, Payee
from treasury.models.costs import Ceiling, Commitment, StandingAuthority, Tariff, TariffLine
from treasury.models.funds import Batch, Fund, FundCase, Grant, GrantLine, Instalment

__all__ = [
    "Account",
    "Balance",
    "Batch",
    "Ceiling",
    "Claim",
    "Commitment",
    "Counter",
    "Fund",
    "FundCase",
    "Grant",
    "GrantLine",
    "Hold",
    "Instalment",
    "Journal",
    "Lot",
    "Payee",
    "Period",
    "StandingAuthority",
    "Tariff",
    "TariffLine",
    "Transfer",
]
