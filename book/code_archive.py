"""The code that made the pages, with notebooks and records, as one file beside them: who reads the book can run it."""

import hashlib
import io
import os
import subprocess
import zipfile
from pathlib import Path

import about

NAME = "anatomy.zip"
SUMS, COMMIT = "SHA256SUMS", "COMMIT"  # in it as in `make archive`: it says by itself what belongs to it
BEGINNING = (1980, 1, 1, 0, 0, 0)  # of a ZIP's time: the same bytes whenever it is made
FOLDER = "anatomy"  # that it unpacks to


def code_archive(root: Path = about.ROOT) -> bytes | None:
    """A ZIP of the committed files as they are now; None where neither git nor an archive's list tells which."""
    paths = committed(root)
    if not paths:
        return None
    files = {path: (root / path).read_bytes() for path in paths}
    files[COMMIT] = f"{about.commit()}\n".encode()
    files[SUMS] = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{path}", BEGINNING)
            entry.external_attr = (0o755 if os.access(root / path, os.X_OK) else 0o644) << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def committed(root: Path) -> list[str]:
    """Paths of the code by git, or by the list of an archive that was unpacked, which has the pages too."""
    try:
        asked = ["git", "-C", str(root), "ls-files", "-z"]
        listed = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        listed = []
    if not any(listed) and (sums := root / SUMS).is_file():
        listed = [line.split("  ", 1)[1] for line in sums.read_text("utf-8").splitlines()]
    known = (path for path in listed if path and path != COMMIT and not path.startswith("_build/"))
    return sorted(path for path in known if (root / path).is_file())


def code_note(archive: bytes | None) -> str:
    """How to come to the commands that the cover names next; a fragment of MyST."""
    if archive is None:
        return "In the folder of the code, after `make setup`, two commands repeat the runs:\n"
    return (
        f'The book carries the code that made it, its notebooks and its records: <a href="{NAME}" download>{NAME}</a> '
        f"({len(archive) / 1e6:.1f} MB). Unpack it; its `README.md` says what it takes (Python, disk space, and what "
        "goes into the folder of `DATA_ROOT`). In its folder `make setup` installs the rest, and two commands make "
        "runs on drawn shapes; those of a chapter stand in its short answer.\n"
    )
