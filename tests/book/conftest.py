"""The book's tools are scripts, not a package: their folder goes on the path. And a browser to look at pages with."""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import built_pages
from built_pages import ROOT, TELEPHONE

sys.path.insert(0, str(ROOT / "book"))

# The background services would look up hosts of their own; --no-sandbox, since CI runs as root.
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage")  # fmt: skip


@pytest.fixture(scope="module")
def driver(chromium: tuple[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Chromium without a window, its profile its own; what it says and what it asks the network for is kept."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    browser, chromedriver = chromium
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(chromedriver))
    yield driver
    driver.quit()


@pytest.fixture(scope="module")
def address(html: Path) -> Iterator[str]:
    with built_pages.served(html) as address:
        yield address


@pytest.fixture
def show(driver: Any, address: str) -> Callable[..., None]:
    """Open a page at a width and wait until all of it is there; what an earlier test left in the log is gone."""
    for kind in ("browser", "performance"):
        driver.get_log(kind)
    return partial(built_pages.show, driver, address)


@pytest.fixture(scope="module")
def telephone(driver: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """Open an explorer by itself, in the book's style, at the width of a telephone; gives the browser."""
    file = tmp_path_factory.mktemp("explorer") / "page.html"
    head = '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    style = (ROOT / "book" / "assets" / "book.css").read_text()

    def opened(fragment: str, *, mobile: bool = True) -> Any:
        file.write_text(f"{head}<style>{style}</style>{fragment}")
        metrics = {"width": TELEPHONE, "height": 900, "deviceScaleFactor": 1, "mobile": mobile}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        driver.get(file.as_uri())
        return driver

    return opened
