"""The process that turns one document into sheets to be looked at: it has no key, and no way out.

``python -m reports.sampling_room.drawing TYPE MARK SHEET`` reads the document and answers with JSON:
``{"sheets": N, "words": [...], "picture": base64 of a JPEG or null}``; ``picture`` is that of sheet SHEET
(from 0), with the mark of who looks written over it. A page of a PDF is drawn in its layout (:mod:`pages`);
its words stand beside it.
"""

import base64
import io
import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

# Its words, and what draws it; only the sheet that is asked for is drawn.
Sheet = tuple[str, Callable[[], Any] | None]
SECONDS, MEMORY = 30, 1_500_000_000
MOST_SHEETS, MOST_WORDS, WIDEST = 60, 20_000, 1600


def main(kind: str, mark: str, wanted: int) -> int:
    """Read, draw, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    sheets = _sheets(kind, content)
    draw = sheets[wanted][1] if 0 <= wanted < len(sheets) else None
    picture = None if draw is None else base64.b64encode(_marked(draw(), mark)).decode()
    pictures = [draw is not None for _words, draw in sheets]
    told = {"sheets": len(sheets), "words": [words for words, _draw in sheets], "pictures": pictures}
    json.dump({**told, "picture": picture}, sys.stdout)
    return 0


def _sheets(kind: str, content: bytes) -> list[Sheet]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 60_000_000
    if kind == "text":
        return [(content.decode("utf-8", "replace")[:MOST_WORDS], None)]
    if kind in ("jpeg", "png"):
        return [("", lambda: Image.open(io.BytesIO(content), formats=("JPEG", "PNG")))]
    return _of_document(content)


def _of_document(content: bytes) -> list[Sheet]:
    """Each page, followed by the pictures of which it is not known where on it they stand."""
    from pypdf import PdfReader

    from reports.sampling_room import pages

    sheets: list[Sheet] = []
    for page in PdfReader(io.BytesIO(content)).pages[:MOST_SHEETS]:
        sheets.append((page.extract_text()[:MOST_WORDS], partial(pages.drawn, page)))
        sheets += [("", partial(_picture, page, key)) for key in pages.other_pictures(page)]
    return sheets[:MOST_SHEETS]


def _picture(page: Any, key: Any) -> Any:
    return page.images[key].image


def _marked(picture: Any, mark: str) -> bytes:
    from PIL import ImageDraw, ImageFont

    shown = picture.convert("RGB")
    shown.thumbnail((WIDEST, 4 * WIDEST))
    pen, font = ImageDraw.Draw(shown, "RGBA"), ImageFont.load_default(max(14, shown.width // 40))
    step = max(80, shown.height // 3)
    for top in range(10, max(11, shown.height), step):
        pen.text((10, top), mark, font=font, fill=(120, 40, 20, 110))
    out = io.BytesIO()
    shown.save(out, "JPEG", quality=80)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
