"""The workflow file: each of its commands is a make target, and it tries the torch versions that are promised."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
FILE = ROOT / ".github" / "workflows" / "book.yml"
JOBS: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text())["jobs"]
STEPS = [(job, step) for job, content in JOBS.items() for step in content["steps"]]
COMMANDS = [step["run"] for _, step in STEPS if "run" in step]


def test_it_tests_publishes_and_tries_other_versions() -> None:
    assert JOBS.keys() == {"test", "publish", "other-torch"}
    assert JOBS["publish"]["needs"] == "test"
    assert "make test" in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_a_make_target_with_variables_of_the_makefile(command: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    make, target, *given = re.sub(r"\$\{\{.*?\}\}", "VALUE", command).split()
    assert make == "make"
    assert re.search(rf"^{target}:", makefile, re.MULTILINE)
    for word in given:
        assert re.search(rf"^{word.partition('=')[0]} *\?=", makefile, re.MULTILINE), word


@pytest.mark.parametrize(("job", "step"), STEPS)
def test_a_step_is_a_target_or_an_action_of_a_named_version(job: str, step: dict[str, Any]) -> None:
    assert ("run" in step) != bool(re.fullmatch(r"actions/[a-z-]+@v\d+", step.get("uses", "")))


def test_the_oldest_torch_is_the_one_that_is_promised() -> None:
    promised = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    oldest, newest = JOBS["other-torch"]["strategy"]["matrix"]["torch"]
    assert f"torch>={oldest}" in promised
    assert newest == "newest"


def test_it_is_valid_by_the_schema_of_workflow_files() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(FILE)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
