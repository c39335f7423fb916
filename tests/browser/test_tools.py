"""The browser fixtures notice what they are there to notice."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page

from tests.browser.conftest import SCREENS, KeepScreen, NewVisitor, RequireAccessible
from tests.browser.steps import follow

GOOD = """<!doctype html><html lang="en"><head><title>Form</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>Form</h1>
<form method="post"><label>Amount <input name="amount"></label><button>Give</button></form>
<p id="mark">no scripts</p><script>document.getElementById("mark").textContent = "scripts"</script></main>"""


POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'self' 'unsafe-inline'; form-action *"
STYLE = '<link rel="stylesheet" href="faint.css"></head>'


class Pages(http.server.BaseHTTPRequestHandler):
    posts = 0

    def do_GET(self) -> None:
        if self.path == "/faint.css":
            self.answer("p { color: #ddd }", "text/css")
            return
        wrong = '<img src="x.png"><input>' if self.path == "/wrong" else ""
        wide = '<p style="width:500px">wide</p>' if self.path == "/wide" else ""
        page = GOOD.replace("</main>", f"{wrong}{wide}</main>")
        self.answer(page.replace("</head>", STYLE) if self.path == "/faint" else page)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        type(self).posts += 1
        self.answer(GOOD.replace("<h1>Form", "<h1>Thank you"))

    def answer(self, body: str, content: str = "text/html") -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{content}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Pages.posts = 0
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_scripts_run_only_when_asked_for(site: str, new_visitor: NewVisitor) -> None:
    for scripts, seen in ((False, "no scripts"), (True, "scripts")):
        page = new_visitor(scripts=scripts)
        page.goto(site)
        assert page.inner_text("#mark") == seen


def test_the_network_is_out_of_reach(page: Page) -> None:
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.org/")


def test_a_good_page_passes_and_is_kept(
    site: str,
    page: Page,
    keep_screen: KeepScreen,
    require_accessible: RequireAccessible,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for width in (360, 1280):
        (SCREENS / f"tools-good-{width}.png").unlink(missing_ok=True)
    monkeypatch.setenv("PICTURES", "1")
    page.goto(site)
    require_accessible(page)
    keep_screen(page, "tools-good")
    assert all((SCREENS / f"tools-good-{width}.png").stat().st_size > 1000 for width in (360, 1280))
    assert page.viewport_size == {"width": 1280, "height": 800}


def test_axe_sees_an_image_without_words_and_a_nameless_field(
    site: str, page: Page, require_accessible: RequireAccessible
) -> None:
    page.goto(f"{site}/wrong")
    with pytest.raises(AssertionError, match="image-alt") as caught:
        require_accessible(page)
    assert "label" in str(caught.value)


def test_each_page_is_judged_as_its_own_styles_show_it(
    site: str, page: Page, require_accessible: RequireAccessible
) -> None:
    page.goto(f"{site}/faint")
    with pytest.raises(AssertionError, match="color-contrast"):
        require_accessible(page)
    page.goto(site)  # judged in the same window, from which the other page is gone
    require_accessible(page)


def test_a_sent_form_is_judged_without_sending_it_twice(
    site: str, page: Page, require_accessible: RequireAccessible
) -> None:
    page.goto(site)
    page.fill("input", "10")
    follow(page, "button")
    assert page.inner_text("h1") == "Thank you"
    require_accessible(page)
    assert Pages.posts == 1


def test_a_page_wider_than_a_phone_is_refused(site: str, page: Page, keep_screen: KeepScreen) -> None:
    page.goto(f"{site}/wide")
    with pytest.raises(AssertionError, match="wide on a screen of 360 px"):
        keep_screen(page, "tools-wide")
