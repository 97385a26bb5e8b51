"""The rendered book as the tests of its pages see it: which pages there are, and when one is ready in the browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
HTML = ROOT / "_build" / "html"
TELEPHONE, DESK = 375, 1280  # CSS pixels
PATIENCE = 20  # seconds; a shared machine can be slow
OTHERS = ("genindex.html", "search.html", "py-modindex.html")


def pages() -> list[str]:
    """The pages that readers see, by their address below the root."""
    found = sorted(path.relative_to(HTML).as_posix() for path in HTML.rglob("*.html"))
    return [page for page in found if not page.startswith("_") and page not in OTHERS]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *ignored: object) -> None:
        pass


@contextmanager
def served(html: Path) -> Iterator[str]:
    """The address at which the book is while it is read."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(html)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


# Pictures below the fold load late, so each is asked for; MathJax is ready when it has typeset all.
READY = """
    document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; });
    return document.readyState === 'complete'
        && [...document.images].every(image => image.complete)
        && document.querySelectorAll('.math mjx-container').length
           === document.querySelectorAll('.math').length;
"""


def wait(driver: Any, script: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, PATIENCE).until(lambda it: it.execute_script(script), message=script)


def show(driver: Any, address: str, page: str, width: int = DESK) -> None:
    """Open a page at a width and wait until it, its formulas and its pictures are there."""
    resize(driver, width)
    driver.get(f"{address}/{page}")
    wait(driver, READY)


def resize(driver: Any, width: int) -> None:
    """The window, in CSS pixels; a narrow one is that of a telephone."""
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
