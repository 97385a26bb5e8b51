"""A user's own file: as Python itself treats it, or one sentence with the file and the line."""

import re
import sys
from inspect import signature
from math import inf
from pathlib import Path

import pytest
import torch

from anatomy import quantities
from anatomy.errors import InputError
from anatomy.runs import option_types, parts
from anatomy.runs.config import Run
from anatomy.runs.source import source_digest
from anatomy.training.network import build


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def own(text: str | bytes, name: str = "mine.py") -> Path:
    Path(name).write_bytes(text.encode() if isinstance(text, str) else text)
    return Path(name).resolve()


# --- as Python treats it

MINE = '''
"""Mine."""
def my_loss(positive, negatives, *, temperature: Temperature, margin: Amount = 0.5, other: Tensor = None):
    return positive

def plain(positive, negatives, *, sharpness: float = 2.0, k: int = 3):
    return negatives
'''


def test_a_users_own_function(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "from anatomy.quantities import Amount, Temperature\nfrom torch import Tensor\n" + MINE
    (tmp_path / "mine.py").write_text(text)
    read = parts.signature("loss", "mine.py:my_loss")
    assert list(read) == ["temperature", "margin"]
    assert read["temperature"].type is quantities.Temperature
    assert parts.load("loss", "mine.py:my_loss")(1, 2, temperature=0.1) == 1
    assert parts.check("loss", "mine.py:plain", {"k": "5"}) == {"k": 5}
    with pytest.raises(InputError, match=r"no option 'margn'; did you mean margin"):
        parts.check("loss", "mine.py:my_loss", {"margn": 1})


def test_an_edited_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Non-regression: in a notebook session the options stayed those of the first reading."""
    monkeypatch.chdir(tmp_path)
    for option in ("first", "second"):
        Path("mine.py").write_text(f"def f(positive, negatives, *, {option}: float = 1.0): ...\n")
        assert list(parts.signature("loss", "mine.py:f")) == [option]


LOSS = "def mine(positive, negatives, *, temperature: float = 0.1):\n    return positive / temperature\n"
TREATED: dict[str, str | bytes] = {
    "plain": LOSS,
    "byte order mark": b"\xef\xbb\xbf" + LOSS.encode(),
    "coding line": b"# -*- coding: latin-1 -*-\n# K\xe4fer\n" + LOSS.encode(),
    "coding on the second line": b"#!/usr/bin/python\n# coding: cp1252\nNAME = '\x80'\n" + LOSS.encode(),
    "lines of Windows": LOSS.replace("\n", "\r\n"),
    "lines of an old Macintosh": LOSS.replace("\n", "\r"),
    "form feed": "\x0c\n" + LOSS,
    "decorated": "import functools\n\n@functools.lru_cache\n" + LOSS,
    "of one case of several": "try:\n    import nothing_of_this_name\nexcept ImportError:\n    "
    + LOSS.replace("\n    ", "\n        "),
    "written twice": "def mine(positive, negatives, *, margin: int = 3): ...\n" + LOSS,
    "beside a class of its name": "class Mine:\n    def __init__(self, *, often: int = 1): ...\n" + LOSS,
    "positional-only": LOSS.replace("negatives,", "negatives, /,"),
    "quoted annotation": LOSS.replace("float", "'float'"),
    "another's words": "from typing import Optional\n" + LOSS.replace("float", "Optional[float]"),
    "dotted quantity": "from anatomy import quantities\n" + LOSS.replace("float", "quantities.Temperature"),
    "dataclass beside it": "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    "@dataclass\nclass Pair:\n    a: int\n" + LOSS,
}


@pytest.mark.parametrize("what", TREATED)
def test_as_python_treats_it(what: str) -> None:
    own(TREATED[what])
    assert parts.check("loss", "mine.py:mine", {"temperature": "0.5"}) == {"temperature": 0.5}
    assert parts.default("loss", "mine.py:mine", "temperature") == 0.1
    assert parts.load("loss", "mine.py:mine")(1.0, 2.0, temperature=0.5) == 2.0
    run = Run.of(method="simco", loss="mine.py:mine", temperature=0.5)
    assert len(run.key("data")) == len(source_digest(run)) == 16


@pytest.mark.parametrize("name", ["mine", "mine.txt", "mine-2.py", "a:b.py", "K\xe4fer.py"])
def test_whatever_the_file_is_called(name: str) -> None:
    own(LOSS, name)
    assert parts.load("loss", f"{name}:mine")(1.0, 2.0) == 10.0


@pytest.mark.parametrize(
    ("signature", "given", "read"),
    [
        ("k", "3", 3),
        ("k", "0.5", 0.5),
        ("k", "inf", inf),
        ("k", "warm", "warm"),
        ("k=1", "0.5", 0.5),
        ("k=1", "3", 3),
        ("k=0.5", "3", 3.0),
        ("k='a'", "3", "3"),
        ("k=False", "yes", True),
        ("k=False", option_types.BARE, True),
        ("k=None", "3", 3),
    ],
)
def test_option_without_annotation(signature: str, given: object, read: object) -> None:
    """Non-regression: text from a command line stayed text, and the run failed at its first step."""
    own(f"def mine(positive, negatives, *, {signature}): ...\n")
    value = parts.check("loss", "mine.py:mine", {"k": given})["k"]
    assert (value, type(value)) == (read, type(read))


def test_it_runs_once_for_each_text_of_it(here: Path) -> None:
    """Two texts of one second and one length: an import would take the bytecode of the first."""
    for value in ("1", "2"):
        own(f"SEEN = []\ndef mine(*given):\n    SEEN.append(0)\n    return {value}, len(SEEN)\n")
        assert [parts.load("loss", "mine.py:mine")(0, 0) for _ in range(2)] == [(int(value), 1), (int(value), 2)]
    assert [file.name for file in here.iterdir()] == ["mine.py"]


def test_two_files_of_one_name_are_two(here: Path) -> None:
    (here / "other").mkdir()
    own(LOSS)
    own(LOSS.replace("positive /", "negatives /"), "other/mine.py")
    values = [parts.load("loss", f"{name}:mine")(1.0, 2.0) for name in ("mine.py", "other/mine.py", "mine.py")]
    assert values == [10.0, 20.0, 10.0]


# --- a sentence with the file and the line

DEFAULT = "def mine(positive, negatives, *, temperature: float = {}): ...\n"
WRONG: dict[str, tuple[str | bytes, int, str]] = {
    "syntax": ("x = 1\ndef mine(:\n", 2, "invalid syntax"),
    "indentation": ("def mine():\n  x = 1\n   y = 2\n", 3, "unexpected indent"),
    "return outside of a function": (f"{LOSS}\nreturn 3\n", 4, "'return' outside function"),
    "null byte": (LOSS.encode() + b"x = 1\0\n", 3, "null bytes"),
    "no text": (LOSS.encode() + b"# \xff\n", 3, "its bytes are no text in utf-8"),
    "no text from its second line on": (b"# mine\n# \xff\n", 2, "invalid or missing encoding declaration"),
    "text of Windows": (LOSS.encode("utf-16"), 1, ""),
    "another coding": (b"# coding: ascii\n# \xc3\xa4\n", 2, "its bytes are no text in ascii"),
    "unknown coding": (b"# coding: morse\n", 1, "unknown encoding"),
    "unknown coding on the second line": (b"#!/usr/bin/python\n# coding: morse\n", 2, "unknown encoding"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", 3, "null bytes"),
    "brackets too deep": ("x = " + "(" * 5000 + ")" * 5000, 1, "too many nested parentheses"),
    "fraction": (DEFAULT.format("1 / 3"), 1, "the default of 'temperature' is 1 / 3, which is read and not run; write"),
    "constant of a module": ("import math\n" + DEFAULT.format("math.inf"), 2, "is math.inf, which is read"),
    "constant of the file": ("T = 0.1\n\n" + DEFAULT.format("T"), 3, "is T, which is read"),
    "call": (DEFAULT.format("float('inf')"), 1, "is float('inf'), which is read"),
    "annotation": ("def mine(positive, *, k: 3 = 3): ...\n", 1, "the annotation of 'k', 3, is no type"),
    "annotation of a quantity": (
        "def mine(*, k: quantities.Heat = 3): ...\n",
        1,
        "'k', quantities.Heat, is no type",
    ),
    "what no option can be": (
        "def mine(*,\n  k: np.int8): ...\n",
        2,
        "'k' is no option as a np.int8, and has no default",
    ),
    "assigned": ("x = 1\nmine = lambda positive, negatives: positive\n", 2, "'mine' has no def here"),
    "assigned among others": ("other, mine = 1, 2\n", 1, "'mine' has no def here"),
    "imported": ("from math import exp as mine\n", 1, "'mine' has no def here"),
    "async": ("async def mine(positive, negatives): ...\n", 1, "'mine' is async"),
    "class without options": ("class mine:\n    k = 1\n", 1, "class 'mine' has no __init__ of its own"),
}


@pytest.mark.parametrize("what", WRONG)
def test_file_and_line(what: str) -> None:
    text, line, why = WRONG[what]
    file = own(text)
    with pytest.raises(InputError, match=re.escape(f"{file}, line {line}: ") + ".*" + re.escape(why)) as rejected:
        Run.of(method="simco", loss="mine.py:mine")
    assert "\n" not in str(rejected.value)


RAISES: dict[str, tuple[str, str]] = {
    "an error": ("\nx = 1 / 0\n", "line 2: running it raised ZeroDivisionError: division by zero"),
    "a module that is not there": ("import nothing_of_this_name\n", "line 1: running it raised ModuleNotFoundError"),
    "an error further down": ("def f():\n    raise OSError('no')\nf()\n", "line 2: running it raised OSError: no"),
    "an end": ("import sys\nsys.exit(0)\n", "line 2: running it raised SystemExit: 0"),
    "an error of another file": ("import json\njson.loads('{')\n", "line 2: running it raised JSONDecodeError"),
    "no function in the end": (
        f"{DEFAULT.format(1)}mine = 3\n",
        "line 1: 'mine' is no function once",
    ),
}


@pytest.mark.parametrize("what", RAISES)
def test_what_it_raises_when_it_runs(what: str) -> None:
    text, why = RAISES[what]
    text = text if "def mine" in text else text + DEFAULT.format(1)
    file = own(text)
    parts.signature("loss", "mine.py:mine")  # reading it runs nothing
    with pytest.raises(InputError, match=re.escape(f"{file}, {why}")):
        parts.load("loss", "mine.py:mine")
    left = [name for name, module in sys.modules.items() if getattr(module, "__file__", "") == str(file)]
    assert len(left) == ("no function" in why)  # half a module is not found by the next who asks


@pytest.mark.parametrize("kind", ["method", "backbone", "recorder"])
def test_positional_only_where_pieces_come_by_name(kind: str) -> None:
    file = own("class Mine:\n    def __init__(self, encoder, /, *, often: int = 1): ...\n")
    with pytest.raises(InputError, match=re.escape(f"{file}, line 2: what a {kind} is made of is given by name")):
        parts.wants(kind, "mine.py:mine")


def test_what_a_class_is_made_of() -> None:
    """The first argument of an `__init__` is the object, whatever it is called."""
    own("class Mine:\n    def __init__(this, labels, *, often: int = 1): ...\n")
    assert parts.wants("recorder", "mine.py:mine") == ("labels",)


@pytest.mark.parametrize("line", ["import helper", "from helper import f", "from . import f", "import package.deep"])
def test_what_it_imports_from_beside_it(line: str, here: Path) -> None:
    """A key holds the text of one file: a change of the other would be answered with the old run."""
    (here / "helper.py").write_text("def f(): ...\n")
    (here / "package").mkdir()
    (here / "package" / "__init__.py").write_text("")
    file = own(f"from anatomy.quantities import Positive\n{line}\n{LOSS}")
    with pytest.raises(InputError, match=re.escape(f"{file}, line 2: `{line}` is from beside it")):
        parts.signature("loss", "mine.py:mine")


# --- names that mean no function of a file


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("yours.py:mine", "loss 'yours.py:mine': there is no file 'yours.py' in "),
        ("mine.py:mine:mine", "there is no file 'mine.py:mine' in "),
        ("folder:mine", "'folder' is a folder; name a file in it, folder/FILE.py:NAME"),
        ("folder/:mine", "'folder/' is a folder; name a file in it, folder/FILE.py:NAME"),
        (":mine", "there is no file '' in "),
        (f"{'x' * 300}.py:mine", "which cannot be looked at: File name too long; name another place"),
        ("mine.py:", "mine.py has no function ''; known: mine"),
        ("mine.py:min", "mine.py has no function 'min'; did you mean mine?"),
    ],
)
def test_a_name_that_means_nothing(name: str, said: str, here: Path) -> None:
    (here / "folder").mkdir()
    own(LOSS)
    for asked in (parts.signature, parts.load):
        with pytest.raises(InputError, match=re.escape(said)):
            asked("loss", name)


@pytest.mark.parametrize(
    ("returned", "shape"),
    [
        ("positive[:3]", "shape [3]"),
        ("positive[:, None]", "shape [8, 1]"),
        ("positive.mean()", "shape []"),
        ("positive[:0]", "shape [0]"),
        ("None", "NoneType"),
    ],
)
def test_a_loss_gives_one_value_for_each_anchor(returned: str, shape: str) -> None:
    """Its mean over fewer, or over more, would train in silence."""
    text = f"def mine(positive, negatives, *, temperature: float = 0.5):\n    return {returned}\n"
    method = build(Run.of(method="simco", width=4, loss=f"{own(text)}:mine"))
    assert "temperature" in signature(method.loss).parameters
    with pytest.raises(InputError, match=rf"gives {re.escape(shape)} for 8 anchors; give a tensor of shape \[8\]"):
        method.loss(torch.zeros(8), None)
