"""What we say can be said everywhere: on one line, and to a terminal that knows no umlauts."""

import io
import os
import sys

import pytest

from anatomy.errors import InputError, escape_unencodable, printable, to_terminal

NAMES = {
    "K\u00e4fer": "K\u00e4fer",
    "a\nb": r"a\nb",
    "\x1b[31m": r"\x1b[31m",
    "K\udce4fer": r"K\udce4fer",
    "it's \\": "it's \\",
}


@pytest.mark.parametrize(("name", "written"), NAMES.items())
def test_a_sentence_stands_on_one_line(name: str, written: str) -> None:
    assert printable(name) == written
    assert str(InputError(f"there is no {name}")) == f"there is no {written}"
    assert printable(printable(name)) == written


def ascii_stream() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict", newline="")


def test_what_cannot_be_encoded_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    out, err = ascii_stream(), ascii_stream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    escape_unencodable()
    print("K\u00e4fer \udce4")
    print("V\u00f6gel", file=sys.stderr)
    assert out.buffer is not None
    out.flush()
    err.flush()
    assert out.buffer.getvalue() == rb"K\xe4fer \udce4" + b"\n"  # type: ignore[attr-defined]
    assert err.buffer.getvalue() == rb"V\xf6gel" + b"\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("encoding", "written"), [("ascii", rb"K\xe4fer\n"), ("utf-8", "K\u00e4fer\\n".encode())])
def test_the_terminal_has_an_encoding_too(monkeypatch: pytest.MonkeyPatch, encoding: str, written: bytes) -> None:
    reading, writing = os.pipe()
    with open(writing, "w", encoding=encoding) as stream, open(reading, "rb") as said:  # noqa: PTH123
        monkeypatch.setattr(sys, "stderr", stream)
        to_terminal("K\u00e4fer\n")
        assert said.readline() == written + b"\n"
