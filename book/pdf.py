"""make pdf: the built book as one file for paper, printed by Chromium, with contents, page numbers and bookmarks.

It is printed twice: where each heading has come to stand is read from the first, and stands in the contents of the
second. Exit codes: 0 done; 2 there is no built book, or no Chromium.
"""

import base64
import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from pypdf import PdfReader
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from about import citation, commit, names, year
from anatomy.errors import InputError
from anatomy.storage.files import write_whole
from filled import filled

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "_build" / "html"
TARGET = ROOT / "_build" / "anatomy.pdf"
TEMPLATES = Path(__file__).parent / "templates"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking")
BASE = "notation.html"  # its head has the styles of all pages and MathJax
PATIENCE = 300  # seconds, for all formulas of the book
PRINT = {"preferCSSPageSize": True, "generateDocumentOutline": True, "generateTaggedPDF": True, "printBackground": True,
         "transferMode": "ReturnAsBase64"}  # fmt: skip


def main() -> int:
    try:
        if not (BUILT / "index.html").is_file():
            raise InputError(f"There is no book in {BUILT}: run make book first.")
        with served(BUILT) as address, browser() as driver:
            written = printed(driver, f"{address}/{BASE}")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    write_whole(TARGET, written)
    print(f"{len(PdfReader(io.BytesIO(written)).pages)} pages, {len(written) / 1e6:.1f} MB in {TARGET}")
    return 0


def printed(driver: webdriver.Chrome, address: str) -> bytes:
    """The PDF whose contents have the page numbers that the same book without them gave."""
    numbers: dict[str, int] = {}
    for _ in range(2):
        driver.get(address)
        anchors = assemble(driver, numbers)
        written = base64.b64decode(driver.execute_cdp_cmd("Page.printToPDF", PRINT)["data"])
        numbers = places(written)
    lost = [anchor for anchor in anchors if anchor not in numbers]
    if lost:
        raise RuntimeError(f"the contents lead to {lost[0]!r}, which no page of the PDF has")
    return written


def assemble(driver: webdriver.Chrome, numbers: dict[str, int]) -> list[str]:
    """Make one document of all pages in the browser; the anchors that its contents lead to."""
    style = (TEMPLATES / "pdf.css").read_text("utf-8")
    driver.execute_script("document.head.append(Object.assign(document.createElement('style'), {textContent: "
                          "arguments[0]}))", style)  # fmt: skip
    found: list[str] = driver.execute_async_script((TEMPLATES / "pdf.js").read_text("utf-8"), title_page(), numbers)
    return found


def places(pdf: bytes) -> dict[str, int]:
    """The page, from 1, of each anchor that a link of the PDF leads to."""
    reader = PdfReader(io.BytesIO(pdf))
    found = {}
    for name, to in reader.named_destinations.items():
        page = reader.get_destination_page_number(to)
        if page is not None:
            found[name.removeprefix("/")] = page + 1
    return found


def title_page() -> str:
    of = citation()
    return filled("title_page.html", of=of, names=names(of), year=year(of), commit=commit())


@contextmanager
def browser() -> Iterator[webdriver.Chrome]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not program or not driver:
        raise InputError("The PDF is printed by Chromium: install chromium and chromedriver (Debian: chromium-driver).")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    with tempfile.TemporaryDirectory() as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        opened = webdriver.Chrome(options=options, service=Service(driver))
        opened.set_script_timeout(PATIENCE)
        try:
            yield opened
        finally:
            opened.quit()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *ignored: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the built pages, of this machine alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
