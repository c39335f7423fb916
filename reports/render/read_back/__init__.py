"""Reads a rendered report back, whatever its format, so that it can be compared with the log."""

from reports.render.read_back.model import Difference, NotAReport, ReadBack
from reports.render.read_back.recognise import read_report

__all__ = ["Difference", "NotAReport", "ReadBack", "read_report"]
