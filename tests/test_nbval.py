"""The committed outputs of a notebook notice a wrong sign: what a reader's own check rests on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_a_flipped_sign_in_a_loss_turns_nbval_red(tmp_path: Path) -> None:
    """An empty store, so that nothing is found that was trained by the right code."""
    for folder in ("src", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    loss = tmp_path / "src/anatomy/losses/decoupled.py"
    right = "log_sum_exp(negatives, temperature) - positive / temperature"
    assert right in loss.read_text()
    loss.write_text(loss.read_text().replace(right, right.replace("-", "+")))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env"]
    command += ["--nbval-sanitize-with", str(ROOT / "tests/nbval.cfg"), "-c", str(ROOT / "pyproject.toml")]
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "src"), "ANATOMY_STORE": str(tmp_path / "store")}
    done = subprocess.run(
        [*command, str(tmp_path / "notebooks/dictionary_size.ipynb")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout
    assert "all errors below 1e-10: False" in done.stdout
