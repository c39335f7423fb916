"""What a reader does that leads to another page."""

from playwright.sync_api import Page


def follow(page: Page, target: str) -> None:
    """Click the first place of this selector and wait until the next page is there.

    A click alone returns earlier, and what is judged then may be a page of which only the address has come.
    """
    with page.expect_navigation():
        page.locator(target).first.click()
