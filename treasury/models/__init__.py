"""Books, funds, costs and claims."""

from treasury.bank.models import (
    BankAccount,
    BankLine,
    BankStatement,
    Exchange,
    Match,
    OpenLine,
    PaymentFile,
    PaymentOrder,
    TransferReference,
)
from treasury.models.books import Account, Balance, Counter, Hold, Journal, Lot, Period, Transfer
from treasury.models.claims import Claim, Payee
from treasury.models.costs import Ceiling, Commitment, StandingAuthority, Tariff, TariffLine
from treasury.models.funds import Batch, Fund, FundCase, Grant, GrantLine, Instalment
from treasury.models.grants import Doubling, FunderReport, Pledge
from treasury.models.vouchers import VoucherFile

__all__ = [
    "Account",
    "Balance",
    "BankAccount",
    "BankLine",
    "BankStatement",
    "Batch",
    "Ceiling",
    "Claim",
    "Commitment",
    "Counter",
    "Doubling",
    "Exchange",
    "Fund",
    "FundCase",
    "FunderReport",
    "Grant",
    "GrantLine",
    "Hold",
    "Instalment",
    "Journal",
    "Lot",
    "Match",
    "OpenLine",
    "Payee",
    "PaymentFile",
    "PaymentOrder",
    "Period",
    "Pledge",
    "StandingAuthority",
    "Tariff",
    "TariffLine",
    "Transfer",
    "TransferReference",
    "VoucherFile",
]
