"""tools/archive.py on a small repository: what is packed, what is found damaged, and pages that are made again."""

import hashlib
import subprocess
import tarfile
from pathlib import Path

import archive
import pytest

PAGE = "<p>one page</p>"
# Stands in for book/build.py: it makes the page from a record.
BUILD = "from pathlib import Path\n" + "Path('_build/html').mkdir(parents=True)\n" + (
    "Path('_build/html/index.html').write_text('<p>' + Path('records/one.json').read_text() + '</p>')\n"
)  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    files = {
        "pyproject.toml": '[project]\nversion = "1.2"\n', "records/one.json": "one page", "book/build.py": BUILD,
        ".gitignore": "_build\n", "_build/html/index.html": PAGE, "run.sh": "#!/bin/sh\n",
    }  # fmt: skip
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "run.sh").chmod(0o755)
    git(root, "init", "-q")
    commit(root)
    return root


def git(root: Path, *words: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "One")


def packed(root: Path, folder: Path) -> Path:
    assert archive.pack(folder, root) == 0
    return next(folder.glob("anatomy-1.2-*.tar.gz"))


def with_change(file: Path, folder: Path, name: str, content: str | None, *, said: bool = False) -> Path:
    """The archive with one file written anew, or without it; `said`: its sum too."""
    with tarfile.open(file) as packed:
        packed.extractall(folder, filter="data")
    (top,) = folder.iterdir()
    before = (top / name).read_bytes() if (top / name).exists() else b""
    if content is None:
        (top / name).unlink()
    else:
        (top / name).write_text(content)
        if said:
            old, new = (hashlib.sha256(text).hexdigest() for text in (before, content.encode()))
            (top / archive.SUMS).write_text((top / archive.SUMS).read_text().replace(old, new))
    with tarfile.open(folder / "changed.tar.gz", "w:gz") as out:
        out.add(top, top.name)
    return folder / "changed.tar.gz"


def test_the_same_commit_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    assert packed(root, tmp_path / "a").read_bytes() == packed(root, tmp_path / "b").read_bytes()


def test_it_holds_code_records_and_pages_with_their_sums(root: Path, tmp_path: Path) -> None:
    with tarfile.open(packed(root, tmp_path / "out")) as file:
        top = file.getnames()[0].split("/")[0]
        names = {name.removeprefix(f"{top}/") for name in file.getnames()}
        assert file.getmember(f"{top}/run.sh").mode == 0o755
        assert file.getmember(f"{top}/pyproject.toml").mode == 0o644
        file.extractall(tmp_path / "plain", filter="data")
    assert {"records/one.json", "_build/html/index.html", "book/build.py", archive.SUMS, archive.COMMIT} <= names
    checked = subprocess.run(["sha256sum", "--check", "--quiet", archive.SUMS], cwd=tmp_path / "plain" / top)
    assert checked.returncode == 0


@pytest.mark.parametrize("pages", [False, True])
def test_a_whole_archive_is_found_whole(pages: bool, root: Path, tmp_path: Path) -> None:
    assert archive.check(packed(root, tmp_path / "out"), pages) == 0


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [("records/one.json", "another page", "records/one.json was changed"),
     ("records/one.json", None, "records/one.json is missing"),
     ("records/two.json", "more", "records/two.json was not packed")],
)  # fmt: skip
def test_what_is_damaged_is_named(
    name: str, content: str | None, why: str, root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = with_change(packed(root, tmp_path / "out"), tmp_path / "in", name, content)
    assert archive.check(changed, pages=False) == 1
    assert why in capsys.readouterr().out


def test_pages_that_do_not_follow_from_the_records_are_named(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = packed(root, tmp_path / "out")
    changed = with_change(whole, tmp_path / "in", "_build/html/index.html", "<p>a better page</p>", said=True)
    assert archive.check(changed, pages=False) == 0
    assert archive.check(changed, pages=True) == 1
    assert "index.html was rendered otherwise" in capsys.readouterr().out


def test_what_is_no_commit_is_refused(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "records" / "one.json").write_text("changed")
    with pytest.raises(archive.Refused, match="not committed"):
        archive.pack(tmp_path / "out", root)
    (root / "_build" / "html" / "index.html").unlink()
    commit(root)
    with pytest.raises(archive.Refused, match="make book PRESET=published"):
        archive.pack(tmp_path / "out", root)
    assert not (tmp_path / "out").exists()
    (tmp_path / "plain.txt").write_text("no archive")
    assert archive.main(["check", str(tmp_path / "plain.txt")]) == 2
    assert "cannot be unpacked" in capsys.readouterr().err
