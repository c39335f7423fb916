"""camt.053 in every version, MT940's dialects and signs, and files that want to do harm."""

import logging

import pytest

from tests.treasury.bank.camt_files import Entry, document, read
from treasury.bank import mt940_file
from treasury.bank.shape import UnreadableStatement

VERSIONS = [f"{number:02}" for number in range(2, 14)]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_is_read_alike(version: str) -> None:
    entries = [
        Entry("2026-03-03", 12_345, "for the fund", "R1", "E1", "Invented Giver", "DE89370400440532013000"),
        Entry("2026-03-04", -4_000, "stationery"),
        Entry("2026-03-05", 4_000, "stationery", reversal=True),
        Entry("2026-03-06", 1, "not yet", status="PDNG"),
    ]
    (found,) = read(document(entries, opening_minor=-500, version=version))
    assert [line.amount_minor for line in found.lines] == [12_345, -4_000, 4_000]
    assert found.lines[0].name == "Invented Giver"
    assert found.lines[0].iban == "DE89370400440532013000"
    assert found.lines[2].reversal
    assert (found.opening_minor, found.off_minor, found.pending) == (-500, 0, 1)


def test_a_batch_is_split_only_when_its_pieces_add_up() -> None:
    piece = (
        '<TxDtls><Refs><EndToEndId>E{0}</EndToEndId></Refs><Amt Ccy="EUR">{0}.00</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"
    )
    whole = "<Btch><PmtInfId>B-7</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>" + piece.format(10) + piece.format(20)
    (found,) = read(document([Entry("2026-03-03", -3_000, details=whole)], opening_minor=9_000))
    assert [(line.amount_minor, line.part, line.end_to_end) for line in found.lines] == [
        (-1_000, 1, "E10"),
        (-2_000, 2, "E20"),
    ]
    assert found.off_minor == 0
    (other,) = read(document([Entry("2026-03-03", -3_100, details=whole)], opening_minor=9_000))
    assert [(line.amount_minor, line.batch_count) for line in other.lines] == [(-3_100, 2)]


MT940 = """:20:S1
:25:DE89370400440532013000
:28C:1/1
:60F:C260301EUR100,00
:61:2603020302{mark}10,00NTRFNONREF//B1
:86:166?00GUTSCHRIFT?20EREF+E-17?21SVWZ+GABE AN DEN FONDS?30COBADEFF?31DE02120300000000202051?32ERFUNDENE
?33 PERSON
:62F:C260302EUR{closing}
-
"""


@pytest.mark.parametrize(
    ("mark", "amount", "closing"),
    [("C", 1_000, "110,00"), ("D", -1_000, "90,00"), ("RC", -1_000, "90,00"), ("RD", 1_000, "110,00")],
)
def test_reversals_keep_their_sign(mark: str, amount: int, closing: str) -> None:
    (found,) = read(MT940.format(mark=mark, closing=closing).encode())
    assert [line.amount_minor for line in found.lines] == [amount]
    assert (found.off_minor, found.lines[0].reversal) == (0, mark.startswith("R"))


def test_without_all_options_a_reversed_credit_would_be_money_in(monkeypatch: pytest.MonkeyPatch) -> None:
    from mt940.options import Options

    monkeypatch.setattr(mt940_file, "_OPTIONS", Options())
    (found,) = read(MT940.format(mark="RC", closing="90,00").encode())
    assert found.lines[0].amount_minor == 1_000
    assert found.off_minor != 0


def test_german_words_are_taken_apart() -> None:
    line = read(OLD)[0].lines[0]
    assert (line.name, line.iban) == ("ERFUNDENE PERSON", "DE02120300000000202051")
    assert (line.end_to_end, line.text, line.bank_reference) == ("E-17", "GABE AN DEN FONDS", "B1")


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"&a;" * 10) for n in range(9))
    + b']><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">&a8;</Document>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">&x;</Document>'
)
DEEP = (
    b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
    + b"<a>" * 200_000
    + b"</a>" * 200_000
    + b"</Document>"
)
GOOD = document([Entry("2026-03-03", 100)])
OLD = MT940.format(mark="C", closing="110,00").encode()
HOSTILE = {
    "entity-bomb": BOMB,
    "outside-entity": OUTSIDE,
    "deep": DEEP,
    "other-xml": b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
    "other-message": GOOD.replace(b"camt.053", b"camt.052"),
    "later-version": GOOD.replace(b"001.08", b"001.99"),
    "cut-short": GOOD[:-40],
    "two-currencies": GOOD.replace(b'<Amt Ccy="EUR">1.00', b'<Amt Ccy="USD">1.00'),
    "too-many-decimals": GOOD.replace(b">1.00<", b">1.005<"),
    "no-number": GOOD.replace(b">1.00<", b">NaN<"),
    "endless-number": GOOD.replace(b">1.00<", b">1E999999<"),
    "no-sign": GOOD.replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<Sts>"),
    "no-day": GOOD.replace(b"2026-03-03", b"2026-13-03"),
    "empty": b"",
    "packed": b"PK\x03\x04rest",
    "no-statement": b"Dear treasurer,\nattached the statement.\n",
    "nul": OLD.replace(b"GABE", b"\x00\x00"),
    "mt940-wrong-day": OLD.replace(b":2603020302", b":2613320302"),
    "mt940-endless-field": OLD.replace(b"GABE", b"A" * 10_000),
    "mt940-no-amount": OLD.replace(b"C10,00", b"Cten"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(HOSTILE))
def test_hostile_and_broken_files_are_refused(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), pytest.raises(UnreadableStatement) as refused:
        read(HOSTILE[kind])
    assert "Export it from the bank anew" in refused.value.text
    assert "ERFUNDENE" not in caplog.text


class Endless:
    """A file of 200 MB that is never read to its end."""

    taken = 0

    def seek(self, offset: int, whence: int = 0) -> int:
        return 200 * 1024 * 1024 if whence else 0

    def read(self, size: int = -1) -> bytes:
        assert size > 0
        self.taken += size
        return b"<" + b" " * (size - 1)


def test_two_hundred_megabytes_are_refused_before_they_are_read() -> None:
    from treasury.bank.files import read_statements

    file = Endless()
    with pytest.raises(UnreadableStatement):
        read_statements(file)
    assert file.taken < 10_000


def test_a_statement_that_names_a_file_of_ours_is_no_way_to_read_it(tmp_path: object) -> None:
    from pathlib import Path

    secret = Path(str(tmp_path)) / "statement.sta"
    secret.write_text(MT940.format(mark="C", closing="110,00"))
    with pytest.raises(UnreadableStatement):
        read(str(secret).encode())
