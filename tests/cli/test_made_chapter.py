"""What `anatomy new-chapter` makes runs, stands in the book, and keeps the laws of the project."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
PLACES = ("src", "book", "notebooks", "tests", "examples", "_config.yml", "CITATION.cff", "LICENSE", "README.md",
          "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml", "benchmarks", "tools")  # fmt: skip
NAME = "quite_long_words_as_a_name_is"  # of 29 letters: no line gets too long
MADE = [NAME, "--title", "Does a title end a string, or 'not'?"]
LAWS = (f"claims/test_{NAME}.py", f"figures/test_{NAME}.py", "test_chapters.py", "test_imports.py", "test_length.py",
        "book/test_sentences.py", "book/test_notebooks.py", "test_chapter_figures.py")  # fmt: skip
QUICK = ("-p", "no:cacheprovider", "-p", "no:nbval", "-m", "not slow", "-k", "not python_itself")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The project without records, with a new chapter."""
    folder = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__", "chapters", "*.egg-info")
    for name in PLACES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    (folder / "records").mkdir()
    assert "chapter=" in called(folder, "-m", "anatomy", "new-chapter", *MADE).lower()
    yield folder
    shutil.rmtree(folder)


def called(folder: Path, *words: str) -> str:
    """What Python prints there, with the package of this folder."""
    own = {"PYTHONPATH": str(folder / "src"), "ANATOMY_STORE": str(folder / "runs"), "OMP_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=os.environ | own, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_it_makes_is_clean(tree: Path) -> None:
    called(tree, "-m", "ruff", "check", ".")
    called(tree, "-m", "ruff", "format", "--check", ".")


def test_what_it_makes_keeps_the_laws(tree: Path) -> None:
    tests = [f"tests/{name}" for name in LAWS]
    assert " passed" in called(tree, "-m", "pytest", "-q", *QUICK, *tests)


def test_what_it_makes_runs_and_stands_in_the_book(tree: Path) -> None:
    called(tree, "book/build.py", "--preset", "smoke", "--chapter", NAME)
    page = (tree / "_build" / "html" / "chapters" / f"{NAME}.html").read_text("utf-8")
    assert "2 of 2 runs" in page
    assert "Figure 7.1" in page
    assert f'href="chapters/{NAME}.html"' in (tree / "_build" / "html" / "index.html").read_text("utf-8")
