"""What every test may ask for: random numbers of its own, an empty store, real images, a browser.

A test that lacks what only some machines have is skipped with a sentence that says so; with
ANATOMY_STRICT=1 (the project's own CI) it fails instead, so that nothing is left out in silence.
"""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest
import torch

# Sums over threads depend on how many there are; with one, the same test gives the same bits.
torch.set_num_threads(1)


def lacking(sentence: str) -> NoReturn:
    """Skip the test that asked, or fail it where nothing may be missing."""
    if os.environ.get("ANATOMY_STRICT") == "1":
        pytest.fail(f"ANATOMY_STRICT=1 and {sentence}", pytrace=False)
    pytest.skip(sentence)


@pytest.fixture
def generator() -> torch.Generator:
    """A CPU generator seeded with 0: tests never draw from torch's global one."""
    return torch.Generator().manual_seed(0)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an empty run store, which ANATOMY_STORE names for code and commands alike."""
    folder = tmp_path / "runs"
    monkeypatch.setenv("ANATOMY_STORE", str(folder))
    return folder


@pytest.fixture(scope="session")
def real_images() -> Path:
    """The folder that holds cifar10.npz."""
    named = os.environ.get("ANATOMY_TEST_DATA")
    if not named:
        lacking("ANATOMY_TEST_DATA names no folder with cifar10.npz")
    folder = Path(named)
    if not (folder / "cifar10.npz").is_file():
        lacking(f"ANATOMY_TEST_DATA={named} has no cifar10.npz")
    return folder


@pytest.fixture(scope="session")
def chromium() -> tuple[str, str]:
    """The programs that open a page: (browser, driver)."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not browser or not driver:
        lacking("chromium and chromedriver are not both installed")
    return browser, driver


@pytest.fixture(scope="session")
def html() -> Path:
    """The folder of the rendered book."""
    folder = Path(__file__).parents[1] / "_build" / "html"
    if not (folder / "index.html").is_file():
        lacking("the book is not rendered: run make book PRESET=smoke")
    return folder


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked gpu needs one; not even the strict machine has it."""
    if item.get_closest_marker("gpu") and not torch.cuda.is_available():
        pytest.skip("no GPU")
