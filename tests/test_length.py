"""No file of the package or the book has 200 lines: one idea a file."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST = 199


def too_long(files: dict[str, str]) -> list[str]:
    return sorted(name for name, text in files.items() if len(text.splitlines()) > MOST)


def test_files_are_short() -> None:
    files = {str(f.relative_to(ROOT)): f for room in ("src", "book") for f in (ROOT / room).rglob("*.py")}
    assert len(files) > 100
    assert too_long({name: file.read_text(encoding="utf-8") for name, file in files.items()}) == []


def test_a_long_one_would_be_seen() -> None:
    assert too_long({"a": "x\n" * 200, "b": "x\n" * 199}) == ["a"]
