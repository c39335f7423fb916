"""What the words of a line tell without keeping the words: opaque marks, found once, at import."""

from collections.abc import Sequence

from treasury.bank.models import BankAccount, PaymentOrder, TransferReference
from treasury.bank.references import found_in
from treasury.bank.shape import Line
from vault import indexes

ACCOUNT_INDEX = "payee.iban"
OWN_INDEX = "bankaccount.iban"
# Kinds of words, in the languages of our banks; only the kind is kept.
_WORDS = {
    "stripe": ("STRIPE",),
    "fee": (
        "BANK FEE",
        "SERVICE FEE",
        "ACCOUNT FEE",
        "CHARGES",
        "ENTGELT",
        "GEBÜHR",
        "KOSTEN VAN",
        "OPŁATA",
        "PROWIZJA",
        "SPESEN",
        "TARIFERING",
    ),
    "rent": (
        "RENT",
        "MIETE",
        "HUUR",
        "CZYNSZ",
        "NUOMA",
    ),
    "salary": (
        "SALARY",
        "SALARIES",
        "WAGES",
        "PAYROLL",
        "LOHN",
        "GEHALT",
        "SALARIS",
        "WYNAGRODZENIE",
        "ATLYGINIM",
    ),
    "interest": (
        "INTEREST",
        "ZINSEN",
        "ODSETKI",
        "PALŪKAN",
    ),
    "returned": (
        "RETURNED",
        "RETURN OF",
        "RÜCKLASTSCHRIFT",
        "RUECKUEBERWEISUNG",
        "STORNO",
        "ZWROT",
        "STORNERING",
    ),
}


def account_index(account: str) -> str:
    """The keyed digest by which an account of ours is found."""
    return indexes.exact_index(OWN_INDEX, account)


def marks_of(lines: Sequence[Line]) -> list[dict[str, list[str]]]:
    """For each line: our references in it, payees whose account it names, kinds of words, own accounts."""
    quoted = [found_in(row.end_to_end, row.bank_reference, row.text) for row in lines]
    known = _known_references({code for codes in quoted for code in codes})
    digests = {row.iban: indexes.exact_index(ACCOUNT_INDEX, row.iban) for row in lines if row.iban}
    payees = {iban: indexes.subjects(ACCOUNT_INDEX, [digest]) for iban, digest in digests.items()}
    own = {
        index: str(pk)
        for index, pk in BankAccount.objects.filter(
            iban_index__in=[account_index(iban) for iban in digests]
        ).values_list("iban_index", "pk")
    }
    return [
        _without_empty(
            references=sorted(codes & known),
            payees=sorted(str(key) for key in payees.get(row.iban, ())),
            hints=hints_in(f"{row.name} {row.text}"),
            own=[own[account_index(row.iban)]] if row.iban and account_index(row.iban) in own else [],
        )
        for row, codes in zip(lines, quoted, strict=True)
    ]


def hints_in(text: str) -> list[str]:
    """The kinds of words in a text."""
    upper = f" {text.upper()} "
    return [kind for kind, words in _WORDS.items() if any(word in upper for word in words)]


def _known_references(codes: set[str]) -> frozenset[str]:
    wanted, found = sorted(codes), set[str]()
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        found |= set(TransferReference.objects.filter(code__in=some).values_list("code", flat=True))
        found |= set(PaymentOrder.objects.filter(end_to_end__in=some).values_list("end_to_end", flat=True))
    return frozenset(found)


def _without_empty(**marks: list[str]) -> dict[str, list[str]]:
    return {name: values for name, values in marks.items() if values}
