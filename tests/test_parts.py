"""Names are modules: what is found, what is rejected and in which words, and that every part is tested.

The last tests are frozen: a new file of a kind below needs a test file of its name and a source.
"""

import ast
import inspect
import re
import subprocess
import sys
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from anatomy import quantities
from anatomy.errors import InputError, nearest
from anatomy.runs import option_types, parts

TESTS = Path(__file__).parent
ROOT = TESTS.parent / "src" / "anatomy"
KINDS = ["method", "loss", "transform", "backbone", "norm", "projector", "views", "recorder", "measure"]
SOME = {
    "method": {"moco", "mocov2", "simclr", "simco", "simmoco", "siamese", "simsiam", "phases"},
    "loss": {"decoupled", "dual_temperature", "info_nce"},
    "transform": {"none"},
    "backbone": {"resnet8", "resnet18"},
    "norm": {"batch"},
    "projector": {"mlp", "mlp_norm"},
    "views": {"standard"},
    "recorder": {"geometry", "hardness", "scores"},
    "measure": {"collapse", "gradient_parts", "hardness_grid", "identities", "knn"},
}


# --- found


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_files_or_functions(kind: str) -> None:
    found = parts.names(kind)
    assert SOME[kind] <= set(found)
    assert found == sorted(set(found))
    assert not [name for name in found if name.startswith("_")]


def test_every_kind_stands_here() -> None:
    assert set(parts.PLACES) == set(KINDS) == set(SOME)


ALL = [(kind, name) for kind in KINDS for name in parts.names(kind)]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_the_signature_read_is_the_signature_imported(kind: str, name: str) -> None:
    """Options are read from the text; what is imported has the same, with the same defaults."""
    imported = parts.load(kind, name)
    function = imported.__init__ if inspect.isclass(imported) else imported
    keywords = {
        p.name: p
        for p in inspect.signature(function).parameters.values()
        if p.kind is p.KEYWORD_ONLY and p.name not in ("negatives_inter", "more_positives")  # tensors, not an option
    }
    read = parts.signature(kind, name)
    assert list(read) == list(keywords)
    for option in read.values():
        default = keywords[option.name].default
        assert option.default == (option_types.REQUIRED if default is inspect.Parameter.empty else default)
        assert option.type is not None


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_every_default_is_lawful(kind: str, name: str) -> None:
    for option in parts.signature(kind, name).values():
        if option.default is not option_types.REQUIRED:
            assert option_types.parse(option.name, option.default, option.type) == option.default


def test_a_class_answers_to_its_files_name() -> None:
    assert parts.load("method", "moco").__name__ == "MoCo"
    assert parts.load("recorder", "hardness").__name__ == "Hardness"


def test_what_a_part_is_made_of() -> None:
    assert parts.wants("method", "simco") == ("encoder", "loss", "generator")
    assert parts.wants("method", "moco") == ("encoder", "loss", "generator", "transform")
    assert parts.wants("recorder", "score_histograms") == ("labels", "record_every")
    assert parts.wants("backbone", "resnet8") == ("norm",)
    assert parts.wants("projector", "mlp") == ("features",)


def test_a_tensor_is_no_option() -> None:
    assert list(parts.signature("loss", "dual_temperature")) == [
        "temperature_intra",
        "temperature_inter",
    ]


def test_reading_a_signature_imports_neither_torch_nor_the_part() -> None:
    """config, parts, studies and claims answer at once: `import torch` alone takes seconds."""
    code = (
        "import sys; from anatomy.runs.config import Run; from anatomy.runs import parts;"
        "run = Run.of(method='mocov2', temperature=0.1, recorders='hardness', measures='knn');"
        "run.key('x'); run.flat(); [parts.names(kind) for kind in parts.PLACES];"
        "print([m for m in sys.modules if m.split('.')[0] in ('torch', 'jaxtyping')"
        " or m.startswith(('anatomy.losses', 'anatomy.methods', 'anatomy.augmentation.views'))])"
    )
    said = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT.parent), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"


# --- rejected


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("loss", "info_nec", "unknown loss 'info_nec'; did you mean info_nce?"),
        ("loss", "zzz", "unknown loss 'zzz'; known: align_uniform"),
        ("method", "simlcr", "unknown method 'simlcr'; did you mean simclr?"),
        ("backbone", "resnet20", "unknown backbone 'resnet20'; did you mean resnet"),
        ("backbone", "ResNet", "unknown backbone 'ResNet'"),  # a helper, no part
        ("views", "apply", "unknown views 'apply'"),
        ("projector", "mpl", "did you mean mlp?"),
        ("recorder", "__init__", "unknown recorder"),
        ("measure", "kn", "did you mean knn?"),
        ("loss", "../losses/info_nce", "unknown loss"),
        ("loss", "", "unknown loss ''"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(kind: str, name: str, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        parts.signature(kind, name)
    with pytest.raises(InputError, match=re.escape(said)):
        parts.load(kind, name)


def test_nearest() -> None:
    assert nearest("tempratur", ["temperature", "epochs"]).startswith("did you mean temperature?")
    assert nearest("x", ["b", "a"]) == "known: a, b"
    assert nearest("x", []) == "known: none"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"temprature": 0.1}, "loss 'info_nce' has no option 'temprature'; did you mean temperature"),
        ({}, "loss 'info_nce' needs a value for 'temperature': Temperature"),
        ({"temperature": 0}, "temperature is 0, but it must be greater than 0"),
    ],
)
def test_options_are_checked(options: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        parts.check("loss", "info_nce", options)


LAWFUL = {
    "Count": ([1, "7"], [0, -1, 1.5, "x", None, nan, inf]),
    "Several": ([2, "7"], [1, 0, -1, 2.5, "x", None, nan, inf]),
    "Whole": ([0, "7"], [-1, 0.5, "x", None, nan]),
    "Positive": ([1e-9, "0.1", 3], [0, -1, inf, nan, "x", None]),
    "Amount": ([0, "0.1"], [-1e-9, inf, nan, "x"]),
    "Factor": ([1, "2.6"], [0.99, 0, inf, nan, "x", None]),
    "Portion": ([0, "0.5", 0.99], [-0.1, 1, inf, nan, "x"]),
    "Share": ([0, 1, "0.5"], [-0.1, 1.1, inf, nan, "x"]),
    "Temperature": ([0.01, "100"], [0, -0.1, inf, -inf, nan, "nan", "cold", None]),
    "InfiniteTemperature": ([0.01, inf, "inf"], [0, -0.1, -inf, nan, "nan", "cold"]),
}
# The others are words: tests/methods/test_phases.py has those of a plan.
NUMBERS = {name for name, value in vars(quantities).items() if getattr(value, "__origin__", None) in (int, float)}


def test_every_quantity_stands_in_the_table() -> None:
    assert set(LAWFUL) == NUMBERS


@pytest.mark.parametrize("quantity", LAWFUL)
def test_quantities(quantity: str) -> None:
    type_ = TypeAdapter(getattr(quantities, quantity))
    good, bad = LAWFUL[quantity]
    for value in good:
        assert type_.validate_python(value) == float(value)
    for value in bad:
        with pytest.raises(ValidationError):
            type_.validate_python(value)


@pytest.mark.parametrize("name", ["hardness", "hardness_grid", "identities"])
@pytest.mark.parametrize("value", [(0.0,), (0.1, -1), (nan,), "cold", 0.1])
def test_temperatures_in_a_list_are_checked_one_by_one(name: str, value: object) -> None:
    """Non-regression: they were plain numbers, and a temperature of 0 gave a table of NaN."""
    kind = "recorder" if name == "hardness" else "measure"
    with pytest.raises(InputError, match="temperatures is"):
        parts.check(kind, name, {"temperatures": value})


@pytest.mark.parametrize("type_", [bool, bool | None])
def test_a_flag_without_a_value_means_yes(type_: object) -> None:
    assert option_types.parse("symmetric", option_types.BARE, type_) is True


@pytest.mark.parametrize("type_", [int, float, str, quantities.Share, Any])
def test_a_flag_without_a_value_where_one_is_needed(type_: object) -> None:
    with pytest.raises(InputError, match="flag --queue-size lacks a value, as in --queue-size VALUE"):
        option_types.parse("queue_size", option_types.BARE, type_, 3)


def test_a_list_may_come_as_text() -> None:
    checked = parts.check("measure", "hardness_grid", {"sizes": "15,63", "temperatures": "0.1"})
    assert checked == {"sizes": (15, 63), "temperatures": (0.1,)}


# --- frozen: every part has a test file of its name, and says where it comes from

# And how many there are at least.
FOLDERS = {"losses": 3, "methods": 19, "recorders": 8, "measures": 8, "norms": 7, "transforms": 8}
SOURCE = re.compile(r"arXiv:\d{4}\.\d{4,5}|doi:10\.\S+")
# What no paper is the source of, with the reason.
OWN = {
    "recorders/scores": "means and deviations of what the network is trained on",
    "measures/step_time": "a clock",
    "norms/none": "a bias",
    "transforms/none": "nothing happens",
    "transforms/positive_weight": "a control, derived here",
    "transforms/shrunk_negatives": "a control, derived here",
}
FILES = [f"{folder}/{file.stem}" for folder in FOLDERS for file in sorted((ROOT / folder).glob("[!_]*.py"))]


def test_the_frozen_tests_see_the_files() -> None:
    for folder, least in FOLDERS.items():
        assert len([file for file in FILES if file.startswith(folder)]) >= least
    assert set(OWN) <= set(FILES)


@pytest.mark.parametrize("file", FILES)
def test_every_part_has_a_test_file(file: str) -> None:
    folder, name = file.split("/")
    test = TESTS / folder / f"test_{name}.py"
    assert test.is_file(), f"{file}.py needs {test.relative_to(TESTS.parent)}"
    tree = ast.parse(test.read_text())
    tests = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name[:5] == "test_"]
    assert len(tests) >= (1 if folder == "methods" else 2)  # what a method's gradients are: methods/test_gradients.py
    assert any(isinstance(n, ast.Assert) for n in ast.walk(tree))


@pytest.mark.parametrize("file", [file for file in FILES if file.startswith("losses")])
def test_every_loss_is_held_to_an_oracle(file: str) -> None:
    text = (TESTS / "losses" / f"test_{file.split('/')[1]}.py").read_text()
    assert "reference." in text


@pytest.mark.parametrize("file", FILES)
def test_every_part_says_where_it_comes_from(file: str) -> None:
    said = ast.get_docstring(ast.parse((ROOT / f"{file}.py").read_text())) or ""
    assert bool(SOURCE.search(said)) != (file in OWN), f"{file}.py: no arXiv id or DOI on its top"
