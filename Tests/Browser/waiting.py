"""Waiting for a page: Playwright's own wait_for_function needs eval, which the content policy forbids."""

import time


def until(page, expression, argument=None, seconds=10):
    """Asks the page for `expression` until it is true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < deadline, f"did not come true within {seconds} s: {expression}"
        page.wait_for_timeout(50)
