"""Field 86 of MT940 in the dialects of its banks: who, to which account, and with which words."""

import re
from dataclasses import dataclass

from treasury.bank.shape import one_line

# ?20 in Germany, ~20 and <20 in Poland, >20 at Triodos: three figures, then the sign between the fields.
_CODED = re.compile(r"^\s*\d{3}([?~^<>|])(?=\d\d)")
# SEPA's own keys inside the German purpose.
_GERMAN = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|COAM|OAMT)[+:]\s?")
_DUTCH = re.compile(
    r"/(TRTP|EREF|BENM|ORDP|REMI|ISDT|IBAN|BIC|NAME|MARF|CSID|PREF|RTRN|CNTP|ADDR|ID|ULTC|ULTD|TRCD|PURP|SVCL)/"
)
_POLISH = re.compile(r"(?:^|;)\s*(Z RACH\.|NA RACH\.|OD|DLA|TYT\.|TNR|ID IPH):", re.IGNORECASE)
_SWISS_WHO = re.compile(
    r"(?:AUFTRAGGEBER|BEGÜNSTIGTER|BEGUENSTIGTER|DONNEUR D'ORDRE):\s*(.*?)(?:\s\d{6}CH|MITTEILUNG|$)"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b")


@dataclass(frozen=True)
class Words:
    """What field 86 says, as far as its dialect is known; ``text`` is always all that may matter."""

    text: str
    name: str = ""
    iban: str = ""
    end_to_end: str = ""
    bank_reference: str = ""


def words_of(details: str, extra: str) -> Words:
    """Read field 86 with what stood behind field 61."""
    flat = "".join(details.splitlines())
    spaced = one_line(details, 1_000)
    if coded := _CODED.match(flat):
        return _by_codes(flat, coded.group(1))
    if _DUTCH.search(flat):
        return _dutch(flat, extra)
    if len(_POLISH.findall(spaced)) > 1:
        return _polish(spaced)
    who = _SWISS_WHO.search(flat)
    account = _IBAN.search(extra)
    return Words(
        text=one_line(f"{spaced} {extra}", 1_000),
        name=who.group(1) if who else "",
        iban=account.group() if account else "",
    )


def _by_codes(flat: str, sign: str) -> Words:
    fields: dict[str, str] = {}
    for piece in flat.split(sign)[1:]:
        code, words = piece[:2], piece[2:]
        if code.isdecimal():
            fields[code] = fields.get(code, "") + words
    purpose = "".join(fields.get(f"{number:02}", "") for number in (*range(20, 30), *range(60, 64)))
    keyed = _keyed(_GERMAN, purpose)
    iban = fields.get("38") or keyed.get("IBAN") or fields.get("31", "")
    return Words(
        text=one_line(keyed.get("SVWZ") or purpose or fields.get("00", ""), 1_000),
        name=fields.get("32", "") + fields.get("33", ""),
        iban=iban.split(" ")[0],
        end_to_end=_said(keyed.get("EREF", "")),
        bank_reference=_said(keyed.get("KREF", "")),
    )


def _dutch(flat: str, extra: str) -> Words:
    keyed = _keyed(_DUTCH, flat)
    counterparty = keyed.get("CNTP", "").split("/")
    account = keyed.get("IBAN") or counterparty[0] or next(iter(_IBAN.findall(extra)), "")
    name = keyed.get("NAME") or (counterparty[2] if len(counterparty) > 2 else "")
    return Words(
        text=one_line(keyed.get("REMI") or flat, 1_000),
        name=name.strip("/"),
        iban=account.strip("/"),
        end_to_end=_said(keyed.get("EREF", "").strip("/")),
        bank_reference=_said(keyed.get("PREF", "").strip("/")),
    )


def _polish(spaced: str) -> Words:
    keyed = {key.upper(): words for key, words in _keyed(_POLISH, spaced).items()}
    account = (keyed.get("Z RACH.") or keyed.get("NA RACH.", "")).strip(" ;").replace(" ", "")
    return Words(
        text=one_line((keyed.get("TYT.") or spaced).strip(" ;"), 1_000),
        name=(keyed.get("OD") or keyed.get("DLA", "")).strip(" ;"),
        iban=f"PL{account}" if re.fullmatch(r"\d{26}", account) else account,
        bank_reference=keyed.get("TNR", "").strip(" ;"),
    )


def _keyed(keys: re.Pattern[str], text: str) -> dict[str, str]:
    """Key -> the words up to the next key; the first of a key counts."""
    pieces = keys.split(text)
    found: dict[str, str] = {}
    for key, words in zip(pieces[1::2], pieces[2::2], strict=True):
        if words.strip(" /"):
            found.setdefault(key, words.strip())
    return found


def _said(reference: str) -> str:
    return "" if reference.upper() in ("NOTPROVIDED", "NONREF", "") else one_line(reference, 60)
