"""Read the arrays of a NumPy archive, or say in one sentence what is wrong with it.

Pickles are never read: an archive from a stranger must not run code. Each array's header is looked at before its
content, so that an array of objects, or one that memory has no room for, is named.
"""

import lzma
import math
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.lib import format as npy

from anatomy.data.memory import check_fits_memory, too_little
from anatomy.errors import InputError

ZIP, SINGLE = b"PK", b"\x93NUMPY"  # what files begin with
# Bytes that are missing or flipped. bz2 raises an OSError without a number.
TRUNCATED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
EXPECTED = {
    "images": "save numbers: np.stack(images).astype(np.uint8)",
    "labels": "save numbers: np.array(labels, dtype=np.int64)",
    "names": "save texts, not objects: np.array(names, dtype=str)",
}


class Header(NamedTuple):
    """What an array's first bytes say of it."""

    member: str  # its name inside the archive
    shape: tuple[int, ...]
    dtype: np.dtype
    held: int  # bytes behind the header, by the archive's own list

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read(path: Path, wanted: Iterable[str]) -> dict[str, np.ndarray]:
    """Those of the wanted arrays that the archive has. InputError in one sentence if it cannot be read."""
    if not path.is_file():
        raise InputError(f"{path} is no file that can be read ({_kind(path)}); write it with numpy.savez")
    needed = 0
    try:
        with path.open("rb") as file:
            check_is_archive(path, file.read(len(SINGLE)))
            with zipfile.ZipFile(file) as archive:
                headers = {name: header for name in wanted if (header := _header(path, archive, name))}
                check_fits_memory(path, needed := sum(header.bytes for header in headers.values()))
                return {name: _array(archive, header) for name, header in headers.items()}
    except InputError:
        raise
    except MemoryError:
        raise too_little(path, needed) from None
    except TRUNCATED as error:
        raise InputError(f"{path} is damaged or cut short ({_reason(error)}); copy it or write it again") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or _reason(error)})") from error
    # A header that NumPy cannot parse; a compression that zipfile lacks; a password.
    except (ValueError, TypeError, KeyError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path} is not as numpy.savez writes it ({_reason(error)}); write it again") from error


def check_is_archive(path: Path, begins: bytes) -> None:
    """InputError for what is no archive at all."""
    if begins[: len(ZIP)] != ZIP:
        found = {SINGLE: "it is a single array", b"": "it is empty"}.get(begins, f"it begins with {begins!r}")
        raise InputError(f"{path} is no NumPy archive ({found}); write it with numpy.savez")


def _header(path: Path, archive: zipfile.ZipFile, name: str) -> Header | None:
    """None if there is no such array; InputError for one of objects, or of other bytes than it claims."""
    member = next((known for known in (f"{name}.npy", name) if known in archive.namelist()), None)
    if member is None:
        return None
    with archive.open(member) as file:
        of_version = npy.read_array_header_1_0 if npy.read_magic(file) == (1, 0) else npy.read_array_header_2_0
        shape, _, dtype = of_version(file)
        header = Header(member, shape, dtype, archive.getinfo(member).file_size - file.tell())
    if dtype.hasobject:
        instead = EXPECTED[name.rpartition("_")[2]]
        raise InputError(f"{name} of {path} is an array of Python objects, a pickle, which is never read; {instead}")
    if header.bytes != header.held:
        raise InputError(
            f"{path} is damaged or cut short ({name} has {header.held} bytes, and its shape {list(shape)} needs "
            f"{header.bytes}); copy it or write it again"
        )
    return header


def _array(archive: zipfile.ZipFile, header: Header) -> np.ndarray:
    with archive.open(header.member) as file:
        array: np.ndarray = npy.read_array(file, allow_pickle=False)
    return array


def _kind(path: Path) -> str:
    if path.is_symlink() and not path.exists():
        return f"a link to {path.readlink()}, which is not there"
    return "a folder" if path.is_dir() else "a pipe, a socket or a device"


def _reason(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(".")
