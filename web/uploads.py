"""Uploads stay in memory, up to a limit: a temporary file on a disk would be readable and could be found."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

# Lists to import and reports to check are larger than any voucher.
MOST_BYTES = 50_000_000


class MemoryUploadHandler(FileUploadHandler):
    """Keeps one byte more than the limit, so that a form can say that a file is too large; drops the rest."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.held = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        most = max(MOST_BYTES, settings.FILE_MOST_BYTES) + 1
        self.held.write(raw_data[: max(0, most - self.held.tell())])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.held.seek(0)
        return InMemoryUploadedFile(
            self.held,
            self.field_name,
            self.file_name,
            self.content_type or "",
            self.held.getbuffer().nbytes,
            self.charset,
            self.content_type_extra,
        )
