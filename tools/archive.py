"""make archive: one file with the code, the records and the book made from them; and a check that it makes it again.

    python tools/archive.py pack FOLDER             # anatomy-VERSION-COMMIT.tar.gz, the same bytes for the same commit
    python tools/archive.py check FILE [--pages]    # each file by its sum; with --pages the book is built anew from it

Exit codes: 0 done; 1 the archive is damaged or its pages are others; 2 the input is wrong.
"""

import argparse
import gzip
import hashlib
import io
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HTML = Path("_build") / "html"
SUMS, COMMIT = "SHA256SUMS", "COMMIT"  # the second says on the page of how to cite what git would
BUILD = ("book/build.py", "--preset", "published")


class Refused(Exception):
    """In one sentence, what is wrong with the input."""


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True, dest="command")
    commands.add_parser("pack").add_argument("folder", type=Path)
    checks = commands.add_parser("check")
    checks.add_argument("file", type=Path)
    checks.add_argument("--pages", action="store_true")
    asked = parser.parse_args(words)
    try:
        return pack(asked.folder) if asked.command == "pack" else check(asked.file, asked.pages)
    except Refused as error:
        print(error, file=sys.stderr)
        return 2


# --- pack


def pack(folder: Path, root: Path = ROOT) -> int:
    """What git has of this commit, and the pages as they were rendered from it, with the SHA-256 of each file."""
    if git(root, "status", "--porcelain"):
        raise Refused(
            "the checkout has changes that are not committed; commit them, so that the archive is of one commit"
        )
    if not (root / HTML / "index.html").is_file():
        raise Refused(f"there is no book in {HTML}; run make book PRESET=published first")
    folder.mkdir(parents=True, exist_ok=True)
    commit, when = git(root, "log", "-1", "--format=%h %ct").split()
    name = f"anatomy-{version(root)}-{commit}"
    files = {path: (root / path).read_bytes() for path in contents(root)}
    programs = {path for path in files if os.access(root / path, os.X_OK)}
    files[COMMIT] = f"{git(root, 'rev-parse', '--short=12', 'HEAD')}\n".encode()
    files[SUMS] = sums(files).encode()
    target = folder / f"{name}.tar.gz"
    written = target.with_suffix(".part")
    written.write_bytes(gzip.compress(tar(name, files, programs, int(when)), mtime=0))
    written.replace(target)
    print(f"{len(files)} files, {target.stat().st_size / 1e6:.1f} MB in {target}")
    return 0


def contents(root: Path) -> list[str]:
    """Committed files, and those of the rendered book, as paths from the root."""
    committed = [path for path in git(root, "ls-files", "-z").split("\0") if path and (root / path).is_file()]
    pages = [(HTML / path).as_posix() for path in files_below(root / HTML)]
    return sorted({*committed, *pages})


def files_below(folder: Path) -> set[str]:
    """Paths from the folder, with / on every system."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def sums(files: dict[str, bytes]) -> str:
    """As `sha256sum --check` reads them."""
    return "".join(f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))


def tar(name: str, files: dict[str, bytes], programs: set[str], when: int) -> bytes:
    """The same bytes for the same content: names in order, one time, nobody's name."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mtime, entry.mode = len(content), when, 0o755 if path in programs else 0o644
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def version(root: Path) -> str:
    found: str = tomllib.loads((root / "pyproject.toml").read_text())["project"]["version"]
    return found


def git(root: Path, *words: str) -> str:
    try:
        return subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        raise Refused(f"{root} is no checkout of git, and only a commit can be packed") from None


# --- check


def check(file: Path, pages: bool) -> int:
    """Print what is wrong, a line each; with `pages`, make the book again in a folder of its own, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        root = unpacked(file, Path(folder))
        wrong = list(damage(root))
        if pages and not wrong:
            former = root / "pages-as-packed"
            (root / HTML).rename(former)
            rebuild(root)
            wrong = list(differences(former, root / HTML))
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{file}: {f'{len(wrong)} files are not as they should be' if wrong else 'as it was packed'}")
    return 1 if wrong else 0


def unpacked(file: Path, folder: Path) -> Path:
    """The archive's one folder."""
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")  # nothing outside of the folder, no links, no devices
    except (OSError, tarfile.TarError, EOFError) as error:
        raise Refused(f"{file} cannot be unpacked: {error}") from None
    found = list(folder.iterdir())
    if len(found) != 1 or not (found[0] / SUMS).is_file():
        raise Refused(f"{file} is no archive of ours: it has no one folder with {SUMS}")
    return found[0]


def damage(root: Path) -> Iterator[str]:
    """Files that are missing, changed or more than were packed."""
    said = dict(reversed(line.split("  ", 1)) for line in (root / SUMS).read_text().splitlines())
    there = files_below(root) - {SUMS}
    for path in sorted(said.keys() | there):
        if path not in there:
            yield f"{path} is missing"
        elif path not in said:
            yield f"{path} was not packed"
        elif hashlib.sha256((root / path).read_bytes()).hexdigest() != said[path]:
            yield f"{path} was changed"


def rebuild(root: Path) -> None:
    """Render the book of the unpacked records with the unpacked code; nothing is trained."""
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "ANATOMY_STORE": str(root / "no-runs")}
    code = subprocess.run([sys.executable, *BUILD], cwd=root, env=environment).returncode
    if code:
        raise Refused(f"the book of the unpacked archive was not rendered (exit code {code})")


def differences(former: Path, now: Path) -> Iterator[str]:
    """Pages and their files that one has and the other has not, or has otherwise."""
    before, after = files_below(former), files_below(now)
    for name in sorted(before | after):
        if name not in after:
            yield f"{name} was not rendered again"
        elif name not in before:
            yield f"{name} was not packed"
        elif (former / name).read_bytes() != (now / name).read_bytes():
            yield f"{name} was rendered otherwise"


if __name__ == "__main__":
    sys.exit(main())
