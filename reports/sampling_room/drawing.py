"""The process that turns one document into sheets to be looked at: it has no key, and no way out.

``python -m reports.sampling_room.drawing TYPE MARK SHEET`` reads the document and answers with JSON:
``{"sheets": N, "words": [...], "picture": base64 of a JPEG or null}``; ``picture`` is that of sheet SHEET
(from 0), with the mark of who looks written over it. A PDF is shown as the pictures and the words in it, for
nothing here lays pages out: a scan is whole, a typeset page is its words.
"""

import base64
import io
import json
import resource
import sys
from typing import Any

SECONDS, MEMORY = 30, 1_500_000_000
MOST_SHEETS, MOST_WORDS, WIDEST = 60, 20_000, 1600


def main(kind: str, mark: str, wanted: int) -> int:
    """Read, draw, answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    content = sys.stdin.buffer.read()
    words, pictures = _sheets(kind, content)
    drawn = pictures[wanted] if 0 <= wanted < len(pictures) else None
    picture = None if drawn is None else base64.b64encode(_marked(drawn, mark)).decode()
    sheets = max(len(words), len(pictures))
    told = {"sheets": sheets, "words": words, "pictures": [one is not None for one in pictures]}
    json.dump({**told, "picture": picture}, sys.stdout)
    return 0


def _sheets(kind: str, content: bytes) -> tuple[list[str], list[Any]]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 60_000_000
    if kind == "text":
        return [content.decode("utf-8", "replace")[:MOST_WORDS]], [None]
    if kind in ("jpeg", "png"):
        return [""], [Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))]
    return _of_document(content)


def _of_document(content: bytes) -> tuple[list[str], list[Any]]:
    from pypdf import PdfReader

    words: list[str] = []
    pictures: list[Any] = []
    for page in PdfReader(io.BytesIO(content)).pages[:MOST_SHEETS]:
        found = [found.image for found in page.images if found.image is not None]
        said = page.extract_text()[:MOST_WORDS]
        for place, picture in enumerate(found or [None]):
            words.append(said if place == 0 else "")
            pictures.append(picture)
    return words[:MOST_SHEETS], pictures[:MOST_SHEETS]


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
