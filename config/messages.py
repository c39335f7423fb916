"""Compiles locale/*/LC_MESSAGES/*.po, so that a checkout needs no gettext: python -m config.messages

Compiled catalogues are not committed. Both formats are those of the GNU gettext manual, chapter
"The Format of GNU MO Files". A fuzzy or untranslated text is left out: the reader then sees English.
"""

import ast
import os
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_MAGIC = 0x950412DE
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+(".*")$')
_PLACE = re.compile(r"%\((\w+)\)[a-z]|\{(\w*)\}")


class BrokenCatalogue(Exception):
    """A .po file that cannot be compiled; the message names the file, the line and the reason."""


@dataclass
class Entry:
    """One text of a catalogue. ``forms`` maps the plural number, 0 without plurals, to its translation."""

    line: int = 0
    context: str | None = None
    source: str | None = None
    plural: str | None = None
    forms: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """What gettext looks up: the context comes first, parted by an end-of-transmission sign."""
        key = self.source or ""
        return key if self.context is None else f"{self.context}\x04{key}"

    @property
    def translated(self) -> bool:
        """Whether every form has a text and a translator has confirmed it."""
        return bool(self.forms) and all(self.forms.values()) and not (self.fuzzy and self.source)

    def put(self, keyword: str, form: int, text: str) -> None:
        """Append a piece of text to the part of the entry that the keyword names."""
        if keyword == "msgctxt":
            self.context = (self.context or "") + text
        elif keyword == "msgid":
            self.source = (self.source or "") + text
        elif keyword == "msgid_plural":
            self.plural = (self.plural or "") + text
        else:
            self.forms[form] = self.forms.get(form, "") + text


def compile_catalogue(po: str, name: str = "catalogue") -> bytes:
    """Return the compiled form of a catalogue. Raises BrokenCatalogue with the line at fault."""
    texts: dict[bytes, bytes] = {}
    for entry in read_entries(po, name):
        _refuse_unsafe(entry, name)
        source = entry.key if entry.plural is None else f"{entry.key}\0{entry.plural}"
        if source.encode() in texts:
            raise BrokenCatalogue(f"{name}:{entry.line}: this text is translated twice; keep one of them.")
        if entry.translated:
            texts[source.encode()] = "\0".join(entry.forms[form] for form in sorted(entry.forms)).encode()
    return _pack(sorted(texts.items()))


def read_entries(po: str, name: str = "catalogue") -> Iterator[Entry]:
    """Yield the entries in the order of the file, its header (an empty source) first."""
    entry = Entry()
    keyword, form = "", 0
    for number, raw in enumerate([*po.splitlines(), ""], start=1):
        line = raw.strip()
        match = _KEYWORD.match(line)
        starts = match is not None and match[1] in {"msgctxt", "msgid"} and entry.forms
        if entry.source is not None and (starts or not line or line.startswith("#")):
            yield entry
            entry, keyword = Entry(), ""
        if line.startswith("#,") and "fuzzy" in line:
            entry.fuzzy = True
        if not line or line.startswith("#"):
            continue
        if match is not None:
            keyword, form, line = match[1], int(match[2] or 0), match[3]
            entry.line = entry.line or number
        elif not (keyword and line.startswith('"')):
            raise BrokenCatalogue(f"{name}:{number}: this line is neither a keyword nor a text in quotes.")
        entry.put(keyword, form, _unquote(line, f"{name}:{number}"))


def compile_file(po: Path) -> bool:
    """Write the .mo beside the .po, whole or not at all; return whether it changed."""
    compiled = compile_catalogue(po.read_text(encoding="utf-8"), str(po))
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.read_bytes() == compiled:
        return False
    draft = mo.with_suffix(f".mo.{os.getpid()}")
    draft.write_bytes(compiled)
    draft.replace(mo)
    return True


def main(root: Path = ROOT) -> int:
    """Compile every catalogue under ``root`` and say what was done; 1 when one of them is broken."""
    files = sorted(root.glob("locale/*/LC_MESSAGES/*.po"))
    try:
        changed = [file for file in files if compile_file(file)]
    except (BrokenCatalogue, UnicodeDecodeError) as problem:
        print(f"Translations not compiled: {problem}", file=sys.stderr)
        return 1
    print(f"Translations: {len(files)} catalogues, {len(changed)} compiled anew.")
    return 0


def _unquote(line: str, place: str) -> str:
    try:
        return str(ast.literal_eval(line))
    except (SyntaxError, ValueError):
        raise BrokenCatalogue(f"{place}: this text is not closed by a quote or has a wrong escape.") from None


def _refuse_unsafe(entry: Entry, name: str) -> None:
    """A translation that asks for a value its source does not have would fail in front of a reader."""
    known = _places(f"{entry.source}{entry.plural or ''}")
    strange = {place for form in entry.forms.values() for place in _places(form)} - known
    if entry.source and strange and entry.translated:
        raise BrokenCatalogue(f"{name}:{entry.line}: the source has no placeholder {sorted(strange)}.")


def _places(text: str) -> set[str]:
    return {"".join(found) for found in _PLACE.findall(text)}


def _pack(texts: list[tuple[bytes, bytes]]) -> bytes:
    """Header of seven words, a table of lengths and offsets of sources, the same of translations, texts."""
    first_table, table_size = 7 * 4, len(texts) * 8
    offset = first_table + 2 * table_size
    tables, body = [], b""
    for column in (0, 1):
        for pair in texts:
            tables.append(struct.pack("<2I", len(pair[column]), offset + len(body)))
            body += pair[column] + b"\0"
    header = struct.pack("<7I", _MAGIC, 0, len(texts), first_table, first_table + table_size, 0, offset)
    return header + b"".join(tables) + body


if __name__ == "__main__":
    sys.exit(main())
