"""Draws texts, lines and boxes on one canvas. Text is encoded here, so no markup in it means anything."""

from reportlab.pdfgen.canvas import Canvas

from reports.render.pdf.ink import BOLD, ELLIPSIS, INK, LINE, REGULAR, Codes, Widths, rgb

# Accounts and codes stand in thousands of rows.
MOST_REMEMBERED = 4096


class Pen:
    """Coordinates are points from the lower left corner."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.widths = {False: Widths(REGULAR), True: Widths(BOLD)}
        self.codes = {False: Codes(REGULAR, canvas), True: Codes(BOLD, canvas)}
        self._wrapped: dict[tuple[object, ...], list[str]] = {}

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text in points."""
        return self.widths[bold].of(text, size)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        right: bool = False,
    ) -> None:
        """One line of text with its baseline at `y`, beginning at `x`, or ending there when `right`."""
        left = x - self.width(text, size, bold) if right else x
        codes = self.codes[bold]
        operators = codes.operators(text, size)
        font = f"{codes.name(0)} {size:g} Tf"
        self.canvas.addLiteral(f"q BT {rgb(colour)} rg {font} {left:.2f} {y:.2f} Td {operators} ET Q")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self.canvas.addLiteral(f"q {rgb(colour)} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def line(self, x: float, y: float, width: float, colour: str = LINE, thick: float = 0.5) -> None:
        """A horizontal line."""
        self.canvas.addLiteral(
            f"q {rgb(colour)} RG {thick:g} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S Q"
        )

    def fit(self, text: str, width: float, size: float, bold: bool = False) -> str:
        """The text, cut with an ellipsis where it is wider than `width`."""
        if self.width(text, size, bold) <= width:
            return text
        widths, left = self.widths[bold], width / size - self.widths[bold][ELLIPSIS]
        for index, char in enumerate(text):
            left -= widths[char]
            if left < 0:
                return text[:index].rstrip() + ELLIPSIS
        return text

    def wrap(self, text: str, width: float, size: float, *, bold: bool = False, most: int = 99) -> list[str]:
        """The text in lines no wider than `width`, at most `most` of them; a cut one ends with `…`."""
        key = (text, width, size, bold, most)
        if key not in self._wrapped:
            if len(self._wrapped) >= MOST_REMEMBERED:
                self._wrapped.clear()
            self._wrapped[key] = self._lines(text, width, size, bold, most)
        return self._wrapped[key]

    def _lines(self, text: str, width: float, size: float, bold: bool, most: int) -> list[str]:
        lines: list[str] = []
        rest = text.replace("\n", " ").replace("\t", " ").strip()
        while rest:
            if len(lines) == most - 1:
                return [*lines, self.fit(rest, width, size, bold)]
            cut = self._line_end(rest, width, size, bold)
            lines.append(rest[:cut].rstrip(" "))
            rest = rest[cut:].lstrip(" ")
        return lines or [""]

    def _line_end(self, text: str, width: float, size: float, bold: bool) -> int:
        """How many characters fit: to the last place to break before the edge, or into the word."""
        widths, left, space = self.widths[bold], width / size, 0
        for index, char in enumerate(text):
            left -= widths[char]
            if char == " ":
                space = index + 1
            elif left < 0:
                return space or max(index, 1)
            elif char in "-/:":
                space = index + 1
        return len(text)
