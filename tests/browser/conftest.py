"""Debian's Chromium without scripts, as the readers of Tor Browser on "Safest" have it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from config import env
from tests.browser import axe

SCREENS = env.ROOT / "var" / "screens"
NARROW, WIDE = 360, 1280
_HEIGHT = 800
_LOOKED_AT_ALREADY = os.environ.get("TEST_ENGINE") == "postgresql"

NewVisitor = Callable[..., Page]
KeepScreen = Callable[[Page, str], None]
RequireAccessible = Callable[[Page], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this directory, so that `-m "not browser"` leaves it out.

    How a page looks does not depend on the database, and looking takes minutes: on PostgreSQL only the
    whole path is walked, and what it shows is not judged a second time.
    """
    alike = pytest.mark.skip(reason="looked at on SQLite; pages look the same on PostgreSQL")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if _LOOKED_AT_ALREADY and item.path.name != "test_whole_path.py":
                item.add_marker(alike)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run; it can reach nothing but this machine."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(program).exists():
        pytest.skip(f"no Chromium at {program}: install Debian's chromium or set CHROMIUM")
    arguments = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, in which Django would refuse the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def new_visitor(chromium: Browser) -> Iterator[NewVisitor]:
    """Return a maker of pages, each with cookies of its own: ``new_visitor(width=360, scripts=False)``."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = WIDE, scripts: bool = False, locale: str = "en-GB") -> Page:
        context = chromium.new_context(
            java_script_enabled=scripts, viewport={"width": width, "height": _HEIGHT}, locale=locale
        )
        context.set_default_timeout(30_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_visitor: NewVisitor) -> Page:
    """Return the page of one visitor without scripts."""
    return new_visitor()


@pytest.fixture(scope="session")
def keep_screen() -> KeepScreen:
    """Return ``keep_screen(page, name)``, which fails when the page is wider than the phone or the desk.

    Its reader would have to scroll sideways. With PICTURES set it keeps both, under var/screens/.
    """
    SCREENS.mkdir(parents=True, exist_ok=True)
    if _LOOKED_AT_ALREADY:
        return lambda page, name: None

    def keep(page: Page, name: str) -> None:
        assert re.fullmatch(r"[a-z0-9-]+", name), f"{name!r} cannot be the name of a file"
        before = page.viewport_size
        for width in (NARROW, WIDE):
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            shown = _width_of(page)
            assert shown <= width, f"{name} is {shown} px wide on a screen of {width} px"
            if os.environ.get("PICTURES"):
                page.screenshot(full_page=True, path=SCREENS / f"{name}-{width}.png")
        if before is not None:
            page.set_viewport_size(before)

    return keep


def _width_of(page: Page) -> int:
    """How wide the page's content is, in px; asked of the browser, because the page runs no script."""
    inside = page.context.new_cdp_session(page)
    try:
        return round(inside.send("Page.getLayoutMetrics")["cssContentSize"]["width"])
    finally:
        inside.detach()


@pytest.fixture(scope="session")
def require_accessible(chromium: Browser) -> RequireAccessible:
    """Return ``require_accessible(page)``: axe finds nothing on the page that is open, on phone and desk."""
    if _LOOKED_AT_ALREADY:
        return lambda page: None
    judge = axe.Judge(chromium)

    def require(page: Page) -> None:
        for width, found in judge.findings(page, (NARROW, WIDE)).items():
            assert not found, f"{page.url} at {width} px:\n" + "\n".join(map(str, found))

    return require
