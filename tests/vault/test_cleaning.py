"""Files are what their bytes say, and keep nothing but what is seen of them."""

import importlib
import io
import re
import runpy
import sys
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from vault import files
from vault.cleaning import documents, pictures
from vault.cleaning.clean import clean
from vault.cleaning.kinds import FileType, Reason, Refused, type_of
from vault.cleaning.pictures import bare_jpeg

MARK = "KrukSecretMark"
MOST = 5_000_000


def picture(kind: str, mode: str = "RGB", size: tuple[int, int] = (64, 48), **more: object) -> bytes:
    out = io.BytesIO()
    image = Image.radial_gradient("L").resize(size).convert(mode)
    image.save(out, kind, **more)
    return out.getvalue()


def marked_jpeg() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x8825] = 6, MARK, {1: "N", 2: (53.0, 54.0, 9.0)}
    return picture("JPEG", exif=exif, comment=MARK.encode())


def document() -> PdfWriter:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    image = StreamObject()
    image.set_data(marked_jpeg())
    for key, value in {"/Subtype": "/Image", "/Filter": "/DCTDecode", "/Type": "/XObject"}.items():
        image[NameObject(key)] = NameObject(value)
    drawn = DictionaryObject(
        {NameObject("/XObject"): DictionaryObject({NameObject("/I"): writer._add_object(image)})}
    )
    page[NameObject("/Resources")] = drawn
    return writer


def pdf(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"PK\x03\x04word/document.xml", Reason.OFFICE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Reason.OFFICE),
        (b"{\\rtf1 x}", Reason.OFFICE),
        (b"GIF89a\x00\x01", Reason.UNKNOWN),
        (b"\xff\xfe\x00", Reason.UNKNOWN),
        (b"\x1b[2J", Reason.UNKNOWN),
        (b"%PDF-1.7 and nothing", Reason.BROKEN),
        (b"\xff\xd8\xff and nothing", Reason.BROKEN),
        (b"\x89PNG\r\n\x1a\n and nothing", Reason.BROKEN),
        (b"x" * (MOST + 1), Reason.TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, Reason) else str(value[:8]),
)
def test_what_is_not_taken(content: bytes, reason: Reason) -> None:
    with pytest.raises(Refused) as told:
        clean(content, MOST)
    assert told.value.reason is reason


def test_text_is_what_can_be_read() -> None:
    assert clean("\ufeffПаведамленне\n".encode(), MOST) == (FileType.TEXT, "Паведамленне\n".encode())
    # It could be run by a browser, so it is served as text only; here it stays what it is.
    assert type_of(b"<script>") is FileType.TEXT


def test_a_jpeg_keeps_its_dots_upright_and_nothing_else() -> None:
    raw = marked_jpeg()
    assert MARK.encode() in raw
    kind, cleaned = clean(raw, MOST)
    assert (kind, MARK.encode() in cleaned, b"Exif" in cleaned) == (FileType.JPEG, False, False)
    with Image.open(io.BytesIO(cleaned)) as seen:
        assert seen.size == (48, 64)  # it was taken upright, and says so no more
        assert not seen.getexif()


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK"])
def test_every_mode_of_picture_comes_through(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    _kind, cleaned = clean(picture(kind, mode), MOST)
    with Image.open(io.BytesIO(cleaned)) as seen:
        assert seen.size == (64, 48)
        assert (seen.mode == "RGBA") == (mode in ("RGBA", "LA"))
        assert seen.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_png_keeps_no_text_and_one_frame() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", MARK)
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    raw = picture("PNG", pnginfo=info)
    assert MARK.encode() in raw
    assert MARK.encode() not in clean(raw, MOST)[1]
    moving = io.BytesIO()
    frames[0].save(moving, "PNG", save_all=True, append_images=frames[1:])
    with Image.open(io.BytesIO(clean(moving.getvalue(), MOST)[1])) as seen:
        assert getattr(seen, "n_frames", 1) == 1


def test_bombs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = picture("PNG", "1", (900, 900))
    for most in (900 * 900 - 1, 1000):  # above our limit; above twice the library's own
        monkeypatch.setattr(pictures, "MOST_DOTS", most)
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", most if most == 1000 else None)
        with pytest.raises(Refused) as told:
            clean(raw, MOST)
        assert told.value.reason is Reason.BOMB
    monkeypatch.undo()
    with pytest.raises(Refused) as told:
        clean(picture("PNG", size=(200, 200)), 60)
    assert told.value.reason in (Reason.TOO_LARGE, Reason.BOMB)


def test_what_grows_beyond_reason_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = picture("PNG", "1", (300, 300), optimize=True)
    monkeypatch.setattr("vault.cleaning.clean._cleaned", lambda content, kind: bytes(len(content) * 4))
    with pytest.raises(Refused) as told:
        clean(raw, len(raw))
    assert told.value.reason is Reason.BOMB


def test_a_pdf_keeps_its_pages_and_nothing_else() -> None:
    writer = document()
    writer.add_metadata({"/Author": MARK, "/Title": MARK})
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(f"app.alert('{MARK}')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(key): value for key, value in script.items()}
    )
    writer.add_attachment("list.txt", MARK.encode())
    page = writer.pages[0]
    page[NameObject("/Metadata")] = writer._add_object(DecodedStreamObject())
    page["/Metadata"].get_object().set_data(MARK.encode())
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): TextStringObject(MARK)})
    writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=f"https://example.org/{MARK}"))
    writer.add_annotation(0, FreeText(text=MARK, rect=(0, 0, 9, 9)))
    note = FreeText(text=MARK, rect=(5, 5, 50, 50))
    seen = DecodedStreamObject()
    seen.set_data(b"0 0 9 9 re f")
    note[NameObject("/AP")] = DictionaryObject({NameObject("/N"): writer._add_object(seen)})
    writer.add_annotation(0, note)
    raw = pdf(writer)
    assert raw.count(MARK.encode()) > 5
    kind, cleaned = clean(raw, MOST)
    assert kind is FileType.PDF
    for word in (
        MARK.encode(),
        MARK.encode("utf-16-be"),
        b"JavaScript",
        b"/Author",
        b"EmbeddedFile",
        b"/URI",
        b"Exif",
    ):
        assert word not in cleaned, word
    again = PdfReader(io.BytesIO(cleaned))
    assert len(again.pages) == 1
    assert not again.attachments
    assert not again.metadata or not set(again.metadata.values())
    kept: Any = again.pages[0]["/Annots"][0]
    assert len(again.pages[0]["/Annots"]) == 1
    assert kept.get_object()["/Subtype"] == "/Stamp"
    assert b"re f" in kept.get_object()["/AP"]["/N"].get_data()
    image = again.pages[0]["/Resources"]["/XObject"]["/I"]
    with Image.open(io.BytesIO(image._data)) as dots:
        assert dots.size == (64, 48)


def test_locked_endless_and_empty_documents_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    locked = document()
    locked.encrypt("word", algorithm="RC4-128")
    for raw, reason in ((pdf(locked), Reason.LOCKED), (pdf(PdfWriter()), Reason.BROKEN)):
        with pytest.raises(Refused) as told:
            clean(raw, MOST)
        assert told.value.reason is reason
    monkeypatch.setattr(documents, "MOST_PAGES", 0)
    with pytest.raises(Refused) as told:
        clean(pdf(document()), MOST)
    assert told.value.reason is Reason.BOMB

    def deep(reader: object) -> None:
        raise RecursionError

    monkeypatch.setattr(documents, "MOST_PAGES", 9)
    monkeypatch.setattr(documents, "_pages", deep)
    with pytest.raises(Refused) as told:
        clean(pdf(document()), MOST)
    assert told.value.reason is Reason.BOMB


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff\xe1\x00\x04ab", b"\xff\xd8nonsense"], ids=str)
def test_a_jpeg_without_a_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        bare_jpeg(content)


def test_the_process_that_cleans_answers_with_reasons_and_dies_of_its_limits(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    cleaned = files.clean(marked_jpeg())
    assert cleaned.type is FileType.JPEG
    assert MARK.encode() not in cleaned.content
    assert re.fullmatch("[0-9a-f]{64}", cleaned.sha256)
    assert cleaned.sha256 != cleaned.kept_sha256
    assert "content" not in repr(cleaned)
    with pytest.raises(Refused) as told:
        files.clean(b"PK\x03\x04")
    assert told.value.reason is Reason.OFFICE
    monkeypatch.setattr(files.sys, "executable", "/bin/false")
    with pytest.raises(Refused) as told:
        files.clean(b"anything")
    assert told.value.reason is Reason.BOMB
    monkeypatch.setattr(files, "_TIMEOUT_S", 0)
    monkeypatch.setattr(files.sys, "executable", "/bin/sleep")
    with pytest.raises(Refused):
        files.clean(b"anything")


@pytest.mark.parametrize(
    ("content", "status", "answer"),
    [(b"a note", 0, b"text\na note"), (b"PK\x03\x04", 3, b"office\n"), (b"x" * 101, 3, b"too-large\n")],
)
def test_the_process_limits_itself_before_it_looks(
    content: bytes, status: int, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own program, run in this process: the limits are only noted, as they could not be lifted again."""
    import resource

    limits: dict[int, tuple[int, int]] = {}

    class Input(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert set(limits) == {resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE}
            assert size == 101, "never more than one byte too many"
            return super().read(size)

    out = io.TextIOWrapper(io.BytesIO(), write_through=True)
    monkeypatch.setattr(resource, "setrlimit", limits.__setitem__)
    monkeypatch.setattr(sys, "argv", ["vault.cleaning", "100"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Input(content)))
    monkeypatch.setattr(sys, "stdout", out)
    sys.modules.pop("vault.cleaning.__main__", None)
    importlib.import_module("vault.cleaning.__main__")  # to import it does nothing
    del sys.modules["vault.cleaning.__main__"]
    with pytest.raises(SystemExit) as end:
        runpy.run_module("vault.cleaning", run_name="__main__")
    assert end.value.code == status
    assert out.buffer.getvalue() == answer
    assert limits[resource.RLIMIT_FSIZE] == (0, 0), "it writes no file"


def test_a_page_without_notes_and_with_a_script_in_itself() -> None:
    writer = document()
    page = writer.pages[0]
    assert "/Annots" not in page
    page[NameObject("/Group")] = DictionaryObject({NameObject("/JS"): TextStringObject(MARK)})
    kept = PdfReader(io.BytesIO(clean(pdf(writer), MOST)[1]))
    assert "/Annots" not in kept.pages[0]
    assert "/JS" not in kept.pages[0]["/Group"]
