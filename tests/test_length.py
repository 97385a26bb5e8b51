"""No file of the package or the book has 200 lines, one idea a file; no room holds over 18 % of the package."""

from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST = 199
SHARE = 0.18
Texts = dict[str, str]  # of files, by their path below the checkout


def texts_of(*places: str) -> Texts:
    files = (file for place in places for file in (ROOT / place).rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}


def too_long(files: Texts) -> list[str]:
    return sorted(name for name, text in files.items() if len(text.splitlines()) > MOST)


def too_large(files: Texts) -> list[str]:
    """Rooms: the folders of src/anatomy, each with all below it; "" is the files beside them."""
    lines: Counter[str] = Counter()
    for name, text in files.items():
        lines[name.removeprefix("src/anatomy/").rpartition("/")[0].partition("/")[0]] += len(text.splitlines())
    return sorted(room for room, count in lines.items() if count > SHARE * lines.total())


def test_files_are_short() -> None:
    files = texts_of("src", "book")
    assert len(files) > 100
    assert too_long(files) == []


def test_rooms_are_small() -> None:
    assert too_large(texts_of("src/anatomy")) == []


def test_a_long_file_would_be_seen() -> None:
    assert too_long({"a": "x\n" * 200, "b": "x\n" * 199}) == ["a"]


def test_a_large_room_would_be_seen() -> None:
    """A room counts with its folders, and the files beside the rooms are one."""
    even = {f"src/anatomy/{room}/a.py": "x\n" * 16 for room in "abcde"} | {"src/anatomy/f.py": "x\n" * 18}
    assert sum(len(text.splitlines()) for text in even.values()) == 98
    assert too_large(even) == [""]  # 18 of 98
    assert too_large(even | {"src/anatomy/b/c/d.py": "x\n" * 4}) == ["b"]  # 20 of 102; the root 18
