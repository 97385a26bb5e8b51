"""The code that the book carries: what git has, the same bytes again, and enough to be packed from itself."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

import about
from code_archive import FOLDER, NAME, code_archive, code_note


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of two files, one of them a program, beside what git does not have."""
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.setattr(about, "ROOT", root)
    for name, text in (("code.py", "1\n"), ("run.sh", "#!/bin/sh\n"), ("rest.txt", "not added")):
        (root / name).write_text(text)
    (root / "run.sh").chmod(0o755)
    for words in (["init", "-q"], ["add", "code.py", "run.sh"],
                  ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "Begin"]):  # fmt: skip
        subprocess.run(["git", *words], cwd=root, check=True)
    return root


def unpacked(archive: bytes | None, folder: Path) -> Path:
    assert archive is not None
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(folder)
    return folder / FOLDER


def test_it_has_what_git_has_with_sums_and_commit(checkout: Path, tmp_path: Path) -> None:
    root = unpacked(code_archive(checkout), tmp_path)
    assert {path.name for path in root.iterdir()} == {"code.py", "run.sh", "COMMIT", "SHA256SUMS"}
    assert (root / "code.py").read_text() == "1\n"
    assert (root / "COMMIT").read_text().strip() == about.commit() != ""
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=root, check=True)


def test_a_program_stays_one(checkout: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(code_archive(checkout) or b"")) as packed:
        modes = {entry.filename: entry.external_attr >> 16 for entry in packed.infolist()}
    assert (modes[f"{FOLDER}/run.sh"], modes[f"{FOLDER}/code.py"]) == (0o755, 0o644)


def test_from_itself_and_from_an_archive_with_pages_it_comes_out_the_same(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = code_archive(checkout)
    root = unpacked(first, tmp_path)
    (root / "run.sh").chmod(0o755)  # as `unzip` leaves it, and Python's zipfile does not
    (root / "_build").mkdir()
    (root / "_build" / "page.html").write_text("a page")
    with (root / "SHA256SUMS").open("a") as sums:
        sums.write(f"{'0' * 64}  _build/page.html\n")
    monkeypatch.setattr(about, "ROOT", root)
    assert code_archive(root) == first == code_archive(checkout)


def test_where_nothing_says_what_the_code_is_there_is_none(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("1\n")
    assert code_archive(tmp_path) is None
    assert NAME not in code_note(None)
    assert f'href="{NAME}"' in code_note(b"1234")
