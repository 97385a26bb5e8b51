"""The set-up files agree: what is declared is locked, with hashes and with no address. What is set does no harm."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
DECLARED = [
    Requirement(line)
    for line in [
        *PROJECT["dependencies"],
        *PROJECT["optional-dependencies"]["dev"],
        *BUILD["requires"],
    ]
]
# The published pins, tried together; a newer theme draws an extra bar.
BOOK_PINS = {
    "jupyter-book": "1.0.4.post1",
    "sphinx": "7.4.7",
    "docutils": "0.21.2",
    "myst-nb": "1.4.0",
    "myst-parser": "3.0.1",
    "sphinx-book-theme": "1.1.4",
    "pydata-sphinx-theme": "0.15.4",
    "papermill": "2.7.0",
    "nbval": "0.11.0",
}


def locked(text: str) -> dict[str, list[tuple[Requirement, int]]]:
    """The lock's entries by name: each version with its marker, and how many hashes it has."""
    entries: dict[str, list[tuple[Requirement, int]]] = {}
    for block in re.split(r"\n(?=[^\s#])", text):
        line = block.split("\\\n")[0]
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line)
            hashes = len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block))
            entries.setdefault(canonicalize_name(requirement.name), []).append((requirement, hashes))
    return entries


LOCK_TEXT = (ROOT / "requirements.lock").read_text()
LOCK = locked(LOCK_TEXT)
CLUSTER = [Requirement(line) for line in PROJECT["optional-dependencies"]["cluster"]]
CLUSTER_LOCK = locked((ROOT / "requirements-cluster.lock").read_text())
MINORS = ["3.11", "3.12", "3.13"]


def test_python_range() -> None:
    supported = SpecifierSet(PROJECT["requires-python"])
    assert [f"3.{minor}" for minor in range(9, 17) if f"3.{minor}" in supported] == MINORS
    script = (ROOT / "tools" / "setup.sh").read_text()
    assert " | ".join(MINORS) + ")" in script


def test_environment_is_a_supported_python_and_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    assert environment["channels"] == ["conda-forge"]
    python, pip, packages = environment["dependencies"]
    assert python.startswith("python=")
    assert python.removeprefix("python=") in MINORS
    assert pip == "pip"
    assert packages == {"pip": ["-r requirements.lock"]}


@pytest.mark.parametrize("declared", [*DECLARED, *CLUSTER], ids=lambda declared: declared.name)
@pytest.mark.parametrize("python", MINORS)
def test_declared_is_locked_within_its_range(declared: Requirement, python: str) -> None:
    lock = CLUSTER_LOCK if declared in CLUSTER else LOCK
    here = {"python_version": python, "python_full_version": f"{python}.0"}
    versions = [
        str(entry.specifier).removeprefix("==")
        for entry, _ in lock[canonicalize_name(declared.name)]
        if entry.marker is None or entry.marker.evaluate(here)
    ]
    assert len(versions) == 1
    assert versions[0] in declared.specifier


@pytest.mark.parametrize("name", BOOK_PINS)
def test_book_pins(name: str) -> None:
    [declared] = [entry for entry in DECLARED if canonicalize_name(entry.name) == name]
    assert str(declared.specifier) == f"=={BOOK_PINS[name]}"


def test_a_reader_without_a_cluster_downloads_nothing_of_it() -> None:
    assert not {"dask", "distributed", "dask-jobqueue", "asyncssh"} & LOCK.keys()


def test_the_lock_of_the_cluster_changes_no_version_of_the_other() -> None:
    for name in CLUSTER_LOCK.keys() & LOCK.keys():
        versions = {str(entry.specifier) for entry, _ in CLUSTER_LOCK[name]}
        assert versions <= {str(entry.specifier) for entry, _ in LOCK[name]}


def test_every_entry_is_one_version_with_hashes() -> None:
    for name, entries in [*LOCK.items(), *CLUSTER_LOCK.items()]:
        for requirement, hashes in entries:
            assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), name
            assert requirement.url is None, name
            assert hashes > 0, name


def test_no_address_of_an_index_or_file() -> None:
    for file in [
        "requirements.lock",
        "requirements-cluster.lock",
        "pyproject.toml",
        "environment.yml",
        "Makefile",
        "tools/setup.sh",
    ]:
        text = (ROOT / file).read_text().replace("http://127.0.0.1", "")
        assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text), file


@pytest.mark.parametrize(
    "target",
    "help setup cluster book serve lab test check mutants crash cluster-test cluster-faults cluster-scale benchmark "
    "notebooks lock clean".split(),
)
def test_target_exists_and_help_names_it(target: str) -> None:
    known = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
    assert known.returncode == 0, known.stderr
    taught = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert target == "help" or f"  make {target} " in taught


ODD = ["it's", "a'b'c", 'a"b', "a$b", "a$(b", "a$$b", "a b", "a\\b", "-x", "(x)", "a,b", "a#b", "a;b", "`id`", "*"]


@pytest.mark.parametrize("word", ODD)
@pytest.mark.parametrize("given", ["argument", "environment"])
def test_make_passes_words_on_as_they_are(word: str, given: str) -> None:
    names = {
        "PRESET": "preset",
        "CHAPTER": "chapter",
        "DATASET": "dataset",
        "DATA_ROOT": "data-root",
        "CLUSTER": "cluster",
    }
    command = ["make", "--silent", "--dry-run", "--assume-old=setup", "book"]
    words = {name: f"{word}{name}" for name in names}
    argued = [f"{name}={value}" for name, value in words.items()] if given == "argument" else []
    environment = os.environ | (words if given == "environment" else {})
    asked = subprocess.run([*command, *argued], cwd=ROOT, capture_output=True, text=True, env=environment)
    assert asked.returncode == 0, asked.stderr
    call = asked.stdout.split("python book/build.py ", 1)[1]
    shell = subprocess.run(["sh", "-c", f"printf '%s\\n' {call}"], capture_output=True, text=True, check=True)
    assert shell.stdout.splitlines() == [f"--{option}={words[name]}" for name, option in names.items()]


def test_make_passes_nothing_that_was_not_given() -> None:
    command = ["make", "--silent", "--dry-run", "--assume-old=setup", "book", "PRESET=smoke"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split("python book/build.py ", 1)[1].split() == ["--preset='smoke'"]


@pytest.mark.parametrize("word", ["it's", "a$(b"])
def test_help_survives_a_quote(word: str) -> None:
    """A command is run here, so make fills its environment too."""
    helped = subprocess.run(["make", "help", f"PRESET={word}", f"DATASET={word}"], cwd=ROOT, capture_output=True)
    assert helped.returncode == 0, helped.stderr
    assert f"(now: {word}; published".encode() in helped.stdout


FAKE = """#!/bin/sh
here=$(dirname "$0")
case "$*" in
    *version_info*) echo 3.12 ;;
    "-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    "-m pip"*) env >"$here/../pip.env"; [ "$PUTS" = nothing ] || cp "$0" "$here/uv" ;;
    "pip sync"*) env >"$here/../uv.env" ;;
esac
"""


def set_up(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The script with a Python that only writes down what it is run with."""
    python = tmp_path / "python"
    python.write_text(FAKE)
    python.chmod(0o755)
    command = ["sh", str(ROOT / "tools" / "setup.sh"), str(python), "made", str(ROOT / "requirements.lock")]
    return subprocess.run(command, cwd=tmp_path, env=os.environ | environment, capture_output=True, text=True)


@pytest.mark.parametrize("torch", ["abc", "2.11; true", "2.11.*", "latest"])
def test_a_torch_that_is_no_version_is_refused_before_anything_is_made(torch: str, tmp_path: Path) -> None:
    command = ["sh", str(ROOT / "tools" / "setup.sh"), "python3", "made", "no.lock", torch]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (run.returncode, run.stdout, list(tmp_path.iterdir())) == (2, "", [])
    assert run.stderr == f"TORCH is '{torch}', and must be a version such as TORCH=2.11, or newest.\n"


def test_another_torch_has_an_environment_of_its_own_and_no_word_reaches_the_shell() -> None:
    said = subprocess.run(["make", "-n", "setup", "TORCH=2.11"], cwd=ROOT, capture_output=True, text=True).stdout
    assert "tools/setup.sh 'python3' .venv-torch-2.11 requirements.lock '2.11'" in said
    said = subprocess.run(["make", "-n", "setup", "TORCH=x; y $z"], cwd=ROOT, capture_output=True, text=True).stdout
    assert ".venv-torch-xyz requirements.lock 'x; y $z'" in said


def test_pip_and_uv_install_into_the_environment_whatever_is_set(tmp_path: Path) -> None:
    elsewhere = ["PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_PYTHON", "PIP_DRY_RUN", "PIP_NO_DEPS"]
    elsewhere += ["PYTHONHOME", "PYTHONPATH", "UV_SYSTEM_PYTHON"]
    answer = set_up(tmp_path, **dict.fromkeys(elsewhere, "1"), PIP_INDEX_URL="kept", UV_INDEX_URL="kept")
    assert answer.returncode == 0, answer.stderr
    for tool in ("pip", "uv"):
        seen = dict(line.split("=", 1) for line in (tmp_path / "made" / f"{tool}.env").read_text().splitlines())
        assert {name: seen[name] for name in elsewhere if name in seen} == {"PIP_USER": "0"}  # above pip.conf's
        assert seen[f"{tool.upper()}_INDEX_URL"] == "kept"
    assert (tmp_path / "made" / ".ready").read_text().strip() == str(tmp_path)


def test_a_pip_that_installs_elsewhere_gets_one_sentence(tmp_path: Path) -> None:
    answer = set_up(tmp_path, PUTS="nothing")
    assert answer.returncode == 2
    assert "pip did not put uv into made: take target, prefix and root out of its configuration" in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "made" / ".ready").exists()


def make_setup(python: Path) -> subprocess.CompletedProcess[str]:
    command = ["sh", "tools/setup.sh", str(python), "/nonexistent", "requirements.lock"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ("3.10", "is Python 3.10, and this project needs 3.11"),
        ("3.11", "install the package python3-venv"),
    ],
)
def test_unfit_python_gets_one_sentence(version: str, sentence: str, tmp_path: Path) -> None:
    """A Python that is too old, and one as Debian ships it: without ensurepip."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\ncase "$2" in *version_info*) echo {version} ;; *) exit 1 ;; esac\n')
    python.chmod(0o755)
    answer = make_setup(python)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert answer.stdout == ""


def test_missing_python_gets_one_sentence(tmp_path: Path) -> None:
    answer = make_setup(tmp_path / "python")
    assert answer.returncode == 2
    assert "There is no command" in answer.stderr
    assert answer.stderr.count("\n") == 1
