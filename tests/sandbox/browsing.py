"""A browser without scripts: fetches, reads the forms that are there, follows nothing by itself."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit


@dataclass
class Form:
    """A form as a browser without scripts sees it: fields with their values, choices of radio buttons."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Got:
    """An answer; `text` is what a reader sees, `forms` what they can send."""

    status: int
    location: str | None
    body: str
    text: str
    forms: list[Form]
    links: list[str]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        # What is inside a template does not exist for a browser until a script takes it out.
        if tag in ("template", "script", "style"):
            self._unseen += 1
        if self._unseen:
            return
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        if tag == "a":
            self.links.append(given["href"])
        if tag == "input" and given["type"] == "radio":
            self.forms[-1].choices.setdefault(given["name"], []).append(given["value"])
        elif tag == "input":
            self.forms[-1].fields[given["name"]] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("template", "script", "style"):
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)


def browse(
    url: str, body: bytes | dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> Got:
    """GET, or POST when there is a body; a dict is sent as a form."""
    parts = urlsplit(url)
    raw = urlencode(body).encode() if isinstance(body, dict) else body
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    connection.request("GET" if raw is None else "POST", path, raw, headers or {})
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    reader = _Reader()
    reader.feed(text)
    seen = " ".join(" ".join(reader.words).split())
    return Got(response.status, response.getheader("Location"), text, seen, reader.forms, reader.links)
