"""Three months of bank statements for the demo's books, as a bank would send them, with open questions."""

import datetime
import io
from dataclasses import dataclass
from xml.sax.saxutils import escape

from config.demo.world import World
from treasury.bank import accounts, booking
from treasury.bank.candidates import Pool, payouts_on_the_way, unmatched
from treasury.bank.files import read_statements
from treasury.bank.importing import import_statements
from treasury.bank.marks import account_index
from treasury.bank.matching import CandidateKind
from treasury.bank.models import BankAccount, BankLine, MatchKind, OpenLine
from treasury.bank.reconciliation import balance
from treasury.currencies import decimal_text
from treasury.kinds import Category, JournalKind
from treasury.models import Claim

IBAN = "LT601010012345678901"
MONTHS = 3
_WORDS = {
    JournalKind.PAYOUT: "STRIPE PAYMENTS",
    JournalKind.INSTALMENT: "Grant instalment as agreed",
    JournalKind.PAYMENT: "Invoice",
    JournalKind.RUNNING_COST: "Office rent or salaries",
}
_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
    "<MsgId>{number}</MsgId>"
    "<CreDtTm>{closing_on}T20:00:00Z</CreDtTm></GrpHdr><Stmt><Id>{number}</Id>"
    "<ElctrncSeqNb>{number}</ElctrncSeqNb>"
    "<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{opening}{closing}{entries}</Stmt>"
    "</BkToCstmrStmt></Document>"
)
_BALANCE = (
    '<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount}</Amt>'
    "<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
)
_ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{reversal}<Sts><Cd>BOOK</Cd></Sts>'
    "<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>"
    "<NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
)


@dataclass(frozen=True)
class _Moved:
    on: datetime.date
    amount_minor: int
    text: str
    reversal: bool = False


def statements(world: World) -> None:
    """Take in a statement for each month, match what the books know, leave the rest as a Monday's queue."""
    treasurer, today = world.staff["treasurer"], world.now.date()
    first = (today.replace(day=1) - datetime.timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    reference = accounts.make_reference(fund=world.funds["general"], by=treasurer, at=world.now)
    moved = sorted(
        [*_from_books(first, today), *_questions(first, today, reference.code)], key=lambda one: one.on
    )
    opening = balance("bank:main", first - datetime.timedelta(days=1))
    for number, (begins, ends) in enumerate(_months(first, today), start=1):
        rows = [one for one in moved if begins <= one.on <= ends]
        closing = opening + sum(one.amount_minor for one in rows)
        content = _written(number, (begins, ends), (opening, closing), rows)
        found = read_statements(io.BytesIO(content.encode()))
        import_statements(statements=found, by=treasurer, at=world.now)
        if number == 1:
            account = BankAccount.objects.get(iban_index=account_index(IBAN))
            accounts.connect_account(account=account, code="main", by=treasurer, at=world.now)
        opening = closing
    _match_known(world)


def _months(first: datetime.date, today: datetime.date) -> list[tuple[datetime.date, datetime.date]]:
    found = []
    begins = first
    while begins <= today:
        after = (begins + datetime.timedelta(days=32)).replace(day=1)
        found.append((begins, min(after - datetime.timedelta(days=1), today)))
        begins = after
    return found


def _from_books(first: datetime.date, today: datetime.date) -> list[_Moved]:
    """What the books say the bank moved; the last days' payments have not reached a statement yet."""
    known = unmatched(BankAccount(code="main", currency="EUR")).filter(booked_on__range=(first, today))
    rows = [_Moved(row.booked_on, row.net, _WORDS.get(JournalKind(row.kind), "Transfer")) for row in known]
    rows.sort(key=lambda one: one.on)
    late = [one for one in rows if one.amount_minor < 0][-1:]
    on_the_way = [
        _Moved(min(row.booked_on + datetime.timedelta(days=2), today), amount, _WORDS[JournalKind.PAYOUT])
        for row, amount in payouts_on_the_way()
        if first <= row.booked_on < today - datetime.timedelta(days=5)
    ]
    return [one for one in rows if one not in late] + on_the_way


def _questions(first: datetime.date, today: datetime.date, code: str) -> list[_Moved]:
    """What only a human can answer, and one gift whose reference needs nobody."""

    def day(ago: int) -> datetime.date:
        return max(today - datetime.timedelta(days=ago), first)

    fees = [_Moved(day(ago), -450, "BANK FEE account keeping") for ago in (62, 32, 2)]
    return [
        *fees,
        _Moved(day(9), 12_000, f"donation {code[:4].lower()} {code[4:]}"),
        _Moved(day(6), 25_000, "for those in prison"),
        _Moved(day(12), -3_500, "STATIONERY 4711"),
        _Moved(day(4), 3_500, "STATIONERY 4711 returned", reversal=True),
        _Moved(day(3), -9_990, "WEB HOSTING 12 months"),
    ]


def _match_known(world: World) -> None:
    """The treasurer has accepted what was plain, up to the last two weeks."""
    treasurer = world.staff["treasurer"]
    stationery = BankLine.objects.select_related("account", "left").get(amount_minor=-3_500)
    booking.book_line_as(
        line=stationery, kind=MatchKind.COST, category=Category.OFFICE, by=treasurer, at=world.now
    )
    border = world.now.date() - datetime.timedelta(days=14)
    for line in BankLine.objects.filter(left__in=OpenLine.objects.waiting()).select_related(
        "account", "left"
    ):
        found = Pool.of(line.account).suggestions(line)
        plain = found and (found[0].score >= 60 or line.booked_on < border)
        if not plain or (line.booked_on >= border and found[0].candidate.kind != CandidateKind.JOURNAL):
            continue
        one = found[0]
        kind, key = one.candidate.kind, one.candidate.key
        if kind == CandidateKind.CLAIM:
            world.agreed_to_pay(Claim.objects.get(pk=key), world.now)
        booking.accept(line=line, kind=kind, key=key, score=one.score, by=treasurer, at=world.now)


def _written(
    number: int,
    days: tuple[datetime.date, datetime.date],
    balances: tuple[int, int],
    rows: list[_Moved],
) -> str:
    opening, closing = (
        _BALANCE.format(code=code, day=day, **_signed(amount))
        for code, day, amount in zip(("OPBD", "CLBD"), days, balances, strict=True)
    )
    entries = "".join(
        _ENTRY.format(
            day=row.on,
            reference=f"{number:02}-{place:04}",
            text=escape(row.text),
            reversal="<RvslInd>true</RvslInd>" if row.reversal else "",
            **_signed(row.amount_minor),
        )
        for place, row in enumerate(rows, start=1)
    )
    return _XML.format(
        number=number, iban=IBAN, closing_on=days[1], opening=opening, closing=closing, entries=entries
    )


def _signed(amount_minor: int) -> dict[str, str]:
    return {
        "amount": decimal_text(abs(amount_minor), "EUR"),
        "sign": "CRDT" if amount_minor >= 0 else "DBIT",
    }
