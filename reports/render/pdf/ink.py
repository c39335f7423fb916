"""Fonts and colours of a PDF, and text measured and encoded fast enough for long tables.

reportlab encodes a text character by character each time it is drawn. A report repeats few characters many
times, so here each character is encoded and measured once.
"""

from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.graphics.shapes import STATE_DEFAULTS
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parents[2] / "fonts"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
ELLIPSIS = "…"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"

# The colours of web/static/css/tokens.css, as paper needs them. There is no red.
GREEN_DEEP, GREEN, GREEN_SOFT, FILL, TRACK = "#0f3a2e", "#14503f", "#dfeae0", "#1d6b54", "#ece7dc"
AMBER_INK = "#7d4a00"
AMBER, AMBER_SOFT, PAPER, CREAM = "#eba417", "#fbeccb", "#f6f3ec", "#f7f2e5"
INK, INK_SOFT, LINE, LINE_STRONG = "#1b221e", "#535950", "#dbd4c6", "#857c6c"


def load_fonts() -> None:
    """Register DejaVu with reportlab; its built-in fonts turn Cyrillic into black squares without an error.

    Streams stay binary: wrapping them in ASCII took a third of the time and a quarter more space. A chart
    begins by naming reportlab's default font, which would stand in the file without being embedded.
    """
    rl_config.useA85 = 0
    STATE_DEFAULTS["fontName"] = REGULAR
    for name in (REGULAR, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def dejavu(name: str) -> Any:
    """The registered font; its types say nothing of the subsets that we need."""
    return pdfmetrics.getFont(name)


def drawn_as(char: str, font: Any) -> str:
    """The character that stands on paper: white space as a space, what the font lacks as U+FFFD."""
    if char.isspace():
        return " "
    known = ord(char) <= 0xFFFF and ord(char) in font.face.charToGlyph
    return char if known else UNKNOWN


class Widths(dict[str, float]):
    """Width of each character at size 1."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.font = dejavu(name)

    def __missing__(self, char: str) -> float:
        width: float = self.font.stringWidth(drawn_as(char, self.font), 1)
        self[char] = width
        return width

    def of(self, text: str, size: float) -> float:
        """Width of a text in points."""
        return sum(map(self.__getitem__, text)) * size


class Codes(dict[str, str]):
    """Each character as it stands in a PDF string, with the subset of the font that holds it."""

    def __init__(self, name: str, canvas: Canvas) -> None:
        super().__init__()
        self.font = dejavu(name)
        self.document: Any = canvas._doc  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        self.subsets: dict[str, int] = {}
        self.far: set[str] = set()

    def __missing__(self, char: str) -> str:
        ((subset, encoded),) = self.font.splitString(drawn_as(char, self.font), self.document)
        byte = encoded[0]
        plain = 32 <= byte < 127 and byte not in b"()\\"
        code = chr(byte) if plain else f"\\{byte:03o}"
        self[char], self.subsets[char] = code, subset
        if subset:
            self.far.add(char)
        return code

    def name(self, subset: int) -> str:
        """The font's name in the page, for one of its subsets."""
        return str(self.font.getSubsetInternalName(subset, self.document))

    def operators(self, text: str, size: float) -> str:
        """What draws `text` inside BT … ET where the first subset is set; leaves the first subset set."""
        plain = "".join(map(self.__getitem__, text))
        if not self.far or self.far.isdisjoint(text):
            return f"({plain}) Tj"
        parts, current = [], 0
        for char in text:
            if self.subsets[char] != current:
                current = self.subsets[char]
                parts.append(f"{self.name(current)} {size:g} Tf")
            parts.append(f"({self[char]}) Tj")
        return " ".join([*parts, f"{self.name(0)} {size:g} Tf"])


def rgb(colour: str) -> str:
    """`#14503f` as three numbers of a colour operator."""
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
