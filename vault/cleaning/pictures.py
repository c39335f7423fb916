"""Pictures: only the dots are kept, written anew."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from vault.cleaning.kinds import FileType, Reason, Refused

MOST_DOTS = 40_000_000  # a page scanned with 600 dots to the inch has 35 million
Image.MAX_IMAGE_PIXELS = MOST_DOTS
_QUALITY = 88
# Markers of a JPEG that say how it is drawn; APPn and comments say who, where and with what.
_APP0, _APP14, _COMMENT, _SCAN = 0xE0, 0xEE, 0xFE, 0xDA


def clean_picture(content: bytes, kind: FileType) -> bytes:
    """The same picture without place, time, maker, comment, thumbnail and second frame. Raises Refused."""
    try:
        with Image.open(io.BytesIO(content), formats=[kind.name]) as picture:
            if picture.width * picture.height > MOST_DOTS:
                raise Refused(Reason.BOMB)
            return _written(ImageOps.exif_transpose(picture), kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Refused(Reason.BOMB) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        raise Refused(Reason.BROKEN) from None


def _written(picture: Image.Image, kind: FileType) -> bytes:
    see_through = kind is FileType.PNG and (
        picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    )
    mode = "RGBA" if see_through else "L" if picture.mode in ("1", "L") else "RGB"
    dots = picture.convert(mode)
    bare = Image.new(mode, dots.size)
    bare.paste(dots)
    out = io.BytesIO()
    if kind is FileType.JPEG:
        bare.save(out, "JPEG", quality=_QUALITY, optimize=True)
    else:
        bare.save(out, "PNG")
    return out.getvalue()


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without its metadata segments, its dots untouched: for pictures inside documents.

    Raises Refused when the segments do not follow one another.
    """
    if not content.startswith(b"\xff\xd8"):
        raise Refused(Reason.BROKEN)
    kept, place = [content[:2]], 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        end = place + 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == _SCAN:
            return b"".join([*kept, content[place:]])
        tells = _APP0 < marker < _APP14 or marker in (0xEF, _COMMENT)
        if not tells:
            kept.append(content[place:end])
        place = end
    raise Refused(Reason.BROKEN)
