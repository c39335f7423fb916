"""Accessibility rules on a page as the reader has it, results of a form included."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from axe_core_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page, Route

# WCAG 2.2 AA and axe's own best practices.
_HEIGHT = 800
# What is right is only counted: all of it would take longer to say than to find.
_RUN = """rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})
  .then(found => ({passes: found.passes.length, violations: found.violations}))"""
# Written into the window that has axe already, which takes longest to load. What is folded away is judged as
# it looks when somebody unfolds it.
_SHOW = """text => new Promise(shown => {
  document.open()
  window.addEventListener('load', () => {
    document.querySelectorAll('details').forEach(fold => { fold.open = true })
    shown()
  })
  document.write(text)
  document.close()
})"""
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Finding:
    """One broken rule and the places where it is broken, as CSS selectors."""

    rule: str
    help: str
    places: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.help}: {'; '.join(self.places)}"


class Judge:
    """A second window of the browser in which scripts run: axe is a script and our pages run none.

    The very text of a page is shown there once more. The page is not asked for again: no form is sent twice.
    """

    def __init__(self, browser: Browser) -> None:
        context = browser.new_context(bypass_csp=True)
        context.set_default_timeout(30_000)
        self._window = context.new_page()
        self._origin = ""

    def findings(self, page: Page, widths: Sequence[int]) -> dict[int, list[Finding]]:
        """Return what axe finds on the page that is open, on screens of these widths in px."""
        page.wait_for_load_state("load")
        self._stand_at(page.url)
        self._window.evaluate(_SHOW, page.content())
        return {width: self._at(width) for width in widths}

    def _stand_at(self, address: str) -> None:
        """An empty page of the same server, so that styles are found and may be read."""
        origin = "{0.scheme}://{0.netloc}/".format(urlsplit(address))
        if origin == self._origin:
            return

        def nothing(route: Route) -> None:
            route.fulfill(body="", content_type="text/html; charset=utf-8")

        self._window.route(origin, nothing)
        try:
            self._window.goto(origin)
        finally:
            self._window.unroute(origin, nothing)
        self._window.add_script_tag(path=str(AXE_FILE_PATH))
        self._origin = origin

    def _at(self, width: int) -> list[Finding]:
        self._window.set_viewport_size({"width": width, "height": _HEIGHT})
        result = self._window.evaluate(_RUN, _RULES)
        assert result["passes"], "axe looked at nothing"
        return [_finding(violation) for violation in result["violations"]]


def _finding(violation: dict[str, Any]) -> Finding:
    places = tuple(" ".join(map(str, node["target"])) for node in violation["nodes"])
    return Finding(violation["id"], violation["help"], places)
