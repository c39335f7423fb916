"""hledger: the identity stands in the first comment; rows are for hledger to read."""

import base64
import json
import re
from typing import BinaryIO

from reports.render.read_back.from_json import from_head
from reports.render.read_back.model import NotAReport, ReadBack
from reports.render.records import FORMAT

_HEAD = re.compile(rb"; " + FORMAT.encode() + rb" [^\n]* head=([A-Za-z0-9_=-]+)\n")
LONGEST_HEAD = 4 * 1024 * 1024


def read_hledger(file: BinaryIO) -> ReadBack:
    """Read the identity of a ledger extract in hledger's form."""
    match = _HEAD.match(file.readline(LONGEST_HEAD))
    if match is None:
        raise NotAReport("the journal is not a report of this system")
    return from_head(json.loads(base64.urlsafe_b64decode(match[1])), "hledger", None)
