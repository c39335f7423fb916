"""What errors may say in logs: where and what kind, never a value."""

import logging
import traceback
from typing import Any

from django.views.debug import ExceptionReporter


class SilentReporter(ExceptionReporter):
    """Django's report shows the local variables of each frame, opened names among them. Ours does not."""

    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        for frame in data.get("frames", []):
            frame["vars"] = []
        data["exception_value"] = ""
        data["filtered_POST_items"] = []
        return data


class LineFormatter(logging.Formatter):
    """One line per record; of an exception, its type and the places it passed, not its words."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802  logging's own name
        frames = traceback.extract_tb(ei[2])
        places = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in frames[-6:])
        return f"{ei[0].__name__} at {places}"
