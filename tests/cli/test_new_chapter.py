"""`anatomy new-chapter`: which files it writes, and that a wrong input writes none."""

import os
import shutil
from pathlib import Path

import pytest

from anatomy.cli import main, new_chapter
from commands import Said
from tiny import one_line

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the command reads and adds to."""
    for name in ("book/templates/chapter", "book/_toc.yml", "book/index.md", "src/anatomy/chapters.py"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    monkeypatch.setattr(new_chapter, "ROOT", tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_makes_files_and_adds_lines_and_says_which(checkout: Path, capfd: Said) -> None:
    before = files(checkout)
    assert main(["new-chapter", "batch_size", "--family", "size"]) == 0
    after, said = files(checkout), capfd.readouterr().out.splitlines()
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == set(said[: len(changed)])
    assert before.keys() <= after.keys()
    assert {"src/anatomy/claims/size/c01_low_temperature_is_better.py", "notebooks/batch_size.ipynb"} <= changed
    assert after["book/_toc.yml"].decode().count("- file: chapters/batch_size\n") == 1
    left = [name for name in changed for word in (b"chapter_name", b"chapterfamily") if word in after[name]]
    assert left == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("loss_family", "name is 'loss_family', which is taken, as are dictionary_size, loss_family,"),
        ("Batch-Size", "name is 'Batch-Size', but it must be small letters in words joined by _, at most 30, and no"
         " word of Python; batch_size would do"),
        ("class", "and no word of Python; class_chapter would do"),
        (f"{'long_' * 7}name", "at most 30"),
        ("mine --family mixing", "family is 'mixing', which is taken"),
        ("mine --family my_family", "family is 'my_family', but it must be small letters, at most 30"),
        ("mine --title a\\b", "title is 'a\\\\b', but it must be a line of 60 signs"),
        ("mine --colour red", "unknown argument '--colour'"),
    ],
)  # fmt: skip
def test_a_wrong_input_makes_nothing(asked: str, said: str, checkout: Path, capfd: Said) -> None:
    before = files(checkout)
    assert main(["new-chapter", *asked.split()]) == 2
    assert said in one_line(capfd.readouterr().err)
    assert files(checkout) == before


def test_a_file_that_is_there_stays(checkout: Path, capfd: Said) -> None:
    (checkout / "notebooks").mkdir()
    (checkout / "notebooks" / "mine.ipynb").write_text("precious")
    before = files(checkout)
    assert main(["new-chapter", "mine"]) == 2
    assert "there is a file notebooks/mine.ipynb already" in one_line(capfd.readouterr().err)
    assert files(checkout) == before


def test_a_folder_that_may_not_be_written_is_named(
    checkout: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "_toc.yml")  # root may write all
    assert main(["new-chapter", "mine"]) == 2
    assert "book/_toc.yml may not be written by this user" in one_line(capfd.readouterr().err)
    assert not (checkout / "notebooks").exists()


def test_where_a_write_fails_all_is_as_before(checkout: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    before, write = files(checkout), new_chapter.write_whole

    def full(path: Path, content: bytes) -> None:
        if path.name == "index.md" and content != before["book/index.md"]:
            raise OSError(28, "No space left on device", str(path))
        write(path, content)

    monkeypatch.setattr(new_chapter, "write_whole", full)
    assert main(["new-chapter", "mine"]) == 1
    assert "no space left on device" in one_line(capfd.readouterr().err)
    assert files(checkout) == before


def test_without_a_checkout_it_says_so(tmp_path: Path, capfd: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(new_chapter, "ROOT", tmp_path)
    assert main(["new-chapter", "mine"]) == 2
    assert "run this in a checkout" in one_line(capfd.readouterr().err)
