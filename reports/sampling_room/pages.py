"""A page of a PDF as a picture: words, rules and pictures where they stand on it.

This is no rendering: every word is set in one typeface, colours and fine drawing are left out. It keeps what
an auditor reads a voucher by: which amount stands in which line under which heading, the stamp beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

FONT = Path(__file__).resolve().parent.parent / "fonts" / "DejaVuSans.ttf"
WIDEST, TALLEST = 1400, 4200
# The typeface is wider than those that vouchers are mostly set in.
_NARROWER = 0.86
_SMALLEST, _LARGEST = 6, 200
_INK, _RULE = (25, 25, 25), (120, 120, 120)
_PAINTED = {b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"}
_THIN = 2.5  # points; a filled box that is wider is a background, not a rule

Matrix = Sequence[float]
Point = tuple[float, float]


def own_pictures(page: Any) -> list[str]:
    """Names of the pictures that stand on the page itself, not in a form within it."""
    return [key for key in page.images.keys() if isinstance(key, str) and key.startswith("/")]  # noqa: SIM118


def other_pictures(page: Any) -> list[Any]:
    """Keys of the pictures whose place is not known here; each is a sheet of its own."""
    own = set(own_pictures(page))
    return [key for key in page.images.keys() if not (isinstance(key, str) and key in own)]  # noqa: SIM118


def drawn(page: Any) -> Image.Image:
    """The page as a picture, no wider than WIDEST."""
    walk = _Walk(page)
    page.extract_text(visitor_operand_before=walk.operand, visitor_text=walk.words)
    return walk.picture.rotate(-page.rotation, expand=True) if page.rotation % 360 else walk.picture


class _Walk:
    """Follows the operators of a page and draws as it goes: pictures below, then rules and words."""

    def __init__(self, page: Any) -> None:
        box = page.cropbox
        self.left, self.bottom = float(box.left), float(box.bottom)
        width, height = max(float(box.width), 1.0), max(float(box.height), 1.0)
        self.scale = min(WIDEST / width, TALLEST / height)
        size = (max(round(width * self.scale), 1), max(round(height * self.scale), 1))
        self.picture = Image.new("RGB", size, "white")
        self.pen = ImageDraw.Draw(self.picture)
        self.page, self.own = page, set(own_pictures(page))
        self.path: list[tuple[Point, Point]] = []
        self.last: Point = (0.0, 0.0)

    def place(self, x: float, y: float, matrix: Matrix) -> Point:
        """Where a point of the page lies on the picture."""
        across = matrix[0] * x + matrix[2] * y + matrix[4] - self.left
        up = matrix[1] * x + matrix[3] * y + matrix[5] - self.bottom
        return across * self.scale, self.picture.height - up * self.scale

    def operand(self, operator: bytes, operands: Any, matrix: Matrix, _text: Matrix) -> None:
        """Pictures and straight lines; everything else is passed over."""
        if operator == b"Do" and operands and str(operands[0]) in self.own:
            self._paste(str(operands[0]), matrix)
        elif operator == b"m" and len(operands) == 2:
            self.last = self.place(float(operands[0]), float(operands[1]), matrix)
        elif operator == b"l" and len(operands) == 2:
            to = self.place(float(operands[0]), float(operands[1]), matrix)
            self.path.append((self.last, to))
            self.last = to
        elif operator == b"re" and len(operands) == 4:
            self._box([float(each) for each in operands], matrix)
        elif operator == b"n" or operator in _PAINTED:
            self._paint(operator)

    def _box(self, box: list[float], matrix: Matrix) -> None:
        x, y, width, height = box
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        if abs(height) <= _THIN:
            corners = [(x, y + height / 2), (x + width, y + height / 2)]
        elif abs(width) <= _THIN:
            corners = [(x + width / 2, y), (x + width / 2, y + height)]
        placed = [self.place(*corner, matrix) for corner in corners]
        self.path += zip(placed, [*placed[1:], placed[0]], strict=True)

    def _paint(self, operator: bytes) -> None:
        if operator != b"n":
            for start, end in self.path:
                self.pen.line((*start, *end), fill=_RULE, width=1)
        self.path = []

    def _paste(self, name: str, matrix: Matrix) -> None:
        """The picture in the box that its unit square takes."""
        xs, ys = zip(*(self.place(x, y, matrix) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))), strict=True)
        size = round(max(xs) - min(xs)), round(max(ys) - min(ys))
        if not (0 < size[0] <= 2 * WIDEST and 0 < size[1] <= 2 * TALLEST):
            return
        try:
            shown = self.page.images[name].image
        except Exception:  # noqa: BLE001  whatever a foreign file holds; the page is shown without it
            shown = None
        if shown is None:
            self.pen.rectangle((min(xs), min(ys), max(xs), max(ys)), outline=_RULE)
            return
        self.picture.paste(shown.convert("RGB").resize(size), (round(min(xs)), round(min(ys))))

    def words(self, text: str, matrix: Matrix, place: Matrix, _font: Any, size: float) -> None:
        """One run of words with its baseline where the page has it."""
        said = " ".join(text.split())
        if not said:
            return
        x, y = self.place(place[4], place[5], matrix)
        tall = abs(float(size or 1) * (abs(place[3]) or abs(place[1]) or 1) * (abs(matrix[3]) or 1))
        pixels = min(max(round(tall * self.scale * _NARROWER), _SMALLEST), _LARGEST)
        self.pen.text((x, y), said, font=ImageFont.truetype(FONT, pixels), fill=_INK, anchor="ls")
