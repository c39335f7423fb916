"""A worksheet that writes texts and numbers straight to its file.

Two reasons not to use the library's writer as it is: in constant memory it takes a text that begins with
`<r>` and ends with `</r>` for its own markup, which loses the text; and it is slower.
"""

from functools import cache, lru_cache
from html import escape
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

column_name = cache(xl_col_to_name)


@lru_cache(maxsize=4096)
def cell_text(text: str) -> str:
    """A text as it stands in a cell. A long table repeats few of them."""
    return escape(Worksheet._escape_control_characters(text), quote=False)  # noqa: SLF001


class StreamedSheet(Worksheet):  # type: ignore[misc]
    """Give it to `Workbook.add_worksheet(name, StreamedSheet)`; the workbook must be in constant memory."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind, style = cell.__class__.__name__, cell.format
        place = f'<c r="{column_name(col)}{row + 1}"'
        if style:
            place += f' s="{style._get_xf_index()}"'  # noqa: SLF001 - as the library itself does it
        if kind == "String":
            text = cell_text(cell.string)
            self.fh.write(f'{place} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>')
        elif kind == "Number":
            self.fh.write(f"{place}><v>{cell.number:.16G}</v></c>")
        else:
            super()._write_cell(row, col, cell)

    def abandon(self) -> None:
        """Close the file of the rows, if the workbook has not done so."""
        if not self.row_data_fh.closed:
            self.row_data_fh.close()
