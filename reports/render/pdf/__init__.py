"""PDF: a cover, a summary to read in a minute, then the tables, drawn straight on the canvas."""

from reports.render.pdf.report import render

__all__ = ["render"]
