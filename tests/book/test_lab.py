"""A chapter in JupyterLab: "run all" from a fresh kernel, in Chromium, leaves no error, and all of it can be read."""

import re
import shutil
from pathlib import Path

import pytest
from selenium.webdriver.support.ui import WebDriverWait

from built_pages import DESK, ROOT, resize
from lab import lab

pytestmark = pytest.mark.browser

CHAPTER = "dictionary_size.ipynb"
PATIENCE = 300  # seconds; about a minute on a quiet core
BOOK = "const lab = window.jupyterapp, book = lab?.shell.currentWidget;"
READY = f"{BOOK} return book?.sessionContext?.session?.kernel?.status === 'idle' && !!book.content.widgets.length"
# As its button does, with the question whether to start anew answered.
RUN_ALL = f"""
    {BOOK} const done = arguments[0];
    const answer = setInterval(() => document.querySelector('.jp-Dialog .jp-mod-accept')?.click(), 100);
    lab.commands.execute('notebook:restart-run-all').then(() => {{ clearInterval(answer); done(); }});
"""
CODE = "book.content.widgets.filter(it => it.model.type === 'code' && it.model.sharedModel.source.trim())"
FINISHED = f"""
    {BOOK}
    return book.sessionContext.session.kernel.status === 'idle' && {CODE}.every(it => it.model.executionCount);
"""
FAILED = f"""
    {BOOK}
    const wrong = it => it.model.outputs.toJSON().some(output => output.output_type === 'error');
    return {CODE}.filter(wrong).map(it => it.model.id);
"""
SEEN = """
    const page = document.querySelector('.jp-Notebook');
    return {
        text: page.innerText,
        pictures: [...page.querySelectorAll('.jp-OutputArea img')].filter(it => it.naturalWidth).length,
        explorers: [...page.querySelectorAll('.explorer svg')].filter(it => it.getBoundingClientRect().width).length,
        formulas: page.querySelectorAll('mjx-container').length,
        questions: [...document.querySelectorAll('.jp-Dialog, .Toastify__toast')].map(it => it.innerText),
    };
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As of a checkout: the notebook, and beside it what its links lead to."""
    (tmp_path / "notebooks").mkdir()
    shutil.copyfile(ROOT / "notebooks" / CHAPTER, tmp_path / "notebooks" / CHAPTER)
    return tmp_path


def test_run_all_from_a_fresh_kernel(folder: Path, tmp_path_factory: pytest.TempPathFactory, driver: object) -> None:
    with lab(folder, tmp_path_factory.mktemp("state")) as address:
        resize(driver, DESK)
        driver.get(f"{address}/lab/tree/notebooks/{CHAPTER}")
        until(driver, READY)
        driver.set_script_timeout(PATIENCE)
        driver.execute_async_script(RUN_ALL)
        until(driver, FINISHED)
        assert driver.execute_script(FAILED) == []
        seen = driver.execute_script(SEEN)
    assert not re.search(r"\{\w+\}`|^:::|\{cite\}|\{ref\}", seen["text"], re.MULTILINE)
    assert seen["pictures"] >= 5
    assert seen["explorers"] == 1
    assert seen["formulas"] > 10
    assert seen["questions"] == []


def until(driver: object, script: str) -> None:
    WebDriverWait(driver, PATIENCE, poll_frequency=1).until(lambda it: it.execute_script(script), message=script)
