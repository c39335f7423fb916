"""camt.053 files of invented accounts, written for tests in any version."""

import io
from dataclasses import dataclass

from treasury.bank.files import read_statements
from treasury.bank.shape import Statement
from treasury.currencies import decimal_text

IBAN = "LT601010012345678901"


@dataclass(frozen=True)
class Entry:
    """One entry as a test needs it; ``raw`` replaces the details, ``piece`` goes into them."""

    on: str
    amount_minor: int
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    name: str = ""
    iban: str = ""
    reversal: bool = False
    status: str = "BOOK"
    details: str = ""


def document(
    entries: list[Entry],
    *,
    opening_minor: int | None = 0,
    closing_minor: int | None = None,
    days: tuple[str, str] = ("2026-03-01", "2026-03-31"),
    version: str = "08",
    account: str = IBAN,
    currency: str = "EUR",
    number: str = "1",
) -> bytes:
    """A whole file with one statement; the closing balance is right unless it is given."""
    new = int(version) >= 8
    if closing_minor is None and opening_minor is not None:
        closing_minor = opening_minor + sum(one.amount_minor for one in entries if one.status == "BOOK")
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_money(amount, currency)}"
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        for code, amount, day in zip(("OPBD", "CLBD"), (opening_minor, closing_minor), days, strict=True)
        if amount is not None
    )
    number_tag = (
        f"<Othr><Id>{account}</Id></Othr>" if not account[:2].isalpha() else f"<IBAN>{account}</IBAN>"
    )
    body = "".join(_entry(one, currency, new=new) for one in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M</MsgId><CreDtTm>2026-03-31T20:00:00Z</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S{number}</Id>"
        f"<ElctrncSeqNb>{number}</ElctrncSeqNb><Acct><Id>{number_tag}</Id><Ccy>{currency}</Ccy></Acct>{balances}{body}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _money(amount_minor: int, currency: str) -> str:
    sign = "CRDT" if amount_minor >= 0 else "DBIT"
    amount = decimal_text(abs(amount_minor), currency)
    return f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(one: Entry, currency: str, *, new: bool) -> str:
    status = f"<Sts><Cd>{one.status}</Cd></Sts>" if new else f"<Sts>{one.status}</Sts>"
    side = "Dbtr" if (one.amount_minor > 0) != one.reversal else "Cdtr"
    name = f"<Pty><Nm>{one.name}</Nm></Pty>" if new else f"<Nm>{one.name}</Nm>"
    parties = (
        f"<{side}>{name}</{side}><{side}Acct><Id><IBAN>{one.iban}</IBAN></Id></{side}Acct>"
        if one.name
        else ""
    )
    details = one.details or (
        f"<TxDtls><Refs><EndToEndId>{one.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RltdPties>{parties}</RltdPties><RmtInf><Ustrd>{one.text}</Ustrd></RmtInf></TxDtls>"
    )
    reversal = "<RvslInd>true</RvslInd>" if one.reversal else ""
    reference = f"<AcctSvcrRef>{one.reference}</AcctSvcrRef>" if one.reference else ""
    return (
        f"<Ntry>{_money(one.amount_minor, currency)}{reversal}{status}<BookgDt><Dt>{one.on}</Dt></BookgDt>"
        f"<ValDt><Dt>{one.on}</Dt></ValDt>{reference}<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def read(content: bytes) -> list[Statement]:
    """The statements of a file's bytes."""
    return read_statements(io.BytesIO(content))
