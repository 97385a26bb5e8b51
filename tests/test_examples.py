"""Each example runs by itself, on few images, and prints what it says."""

import re
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from anatomy import data
from anatomy.errors import InputError
from anatomy.similarity import unit
from anatomy.step import Method, StepOutput

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name: str, *given: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.setattr(sys, "argv", [name, *given])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    return capsys.readouterr().out


def test_every_example_is_short_and_named_in_the_readme() -> None:
    readme = (EXAMPLES.parent / "README.md").read_text()
    files = sorted(EXAMPLES.glob("*.py"))
    assert len(files) == 4
    for file in files:
        assert f"examples/{file.name}" in readme
        assert 40 <= len(file.read_text().splitlines()) <= 60, file.name


def test_simco_on_a_folder_of_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shapes = data.load("shapes")
    for number, (image, label) in enumerate(zip(shapes.train_images[:160], shapes.train_labels, strict=False)):
        folder = tmp_path / "photos" / "train" / f"class {label}"
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(folder / f"{number}.png")
    out = tmp_path / "out.npz"
    given = (str(tmp_path / "photos"), "--epochs", "2", "--use", "128", "--out", str(out))
    said = run("simco_on_my_images.py", *given, monkeypatch=monkeypatch, capsys=capsys)
    losses = re.findall(r"epoch (\d): loss ([\d.]+) nats", said)
    assert [number for number, _ in losses] == ["1", "2"]
    assert 0 < float(losses[-1][1]) < log(1 + 63) + 0.5  # of 63 negatives
    assert "128 images to train on" in said
    assert re.search(r"kNN accuracy on held-out images: \d+\.\d %", said)
    saved = np.load(out)
    assert saved["representations"].shape == (128, 64)
    assert saved["labels"].shape == (128,)
    assert np.isfinite(saved["representations"]).all()
    assert saved["representations"].std() > 0


def test_a_loss_is_compared_with_info_nce(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ANATOMY_STORE", str(tmp_path / "runs"))
    monkeypatch.setattr("anatomy.scheduling.processes.Workers", lambda count, threads: ThreadPoolExecutor(1))
    given = ("--seeds", "2", "--epochs", "1", "--images", "256")
    said = run("my_loss.py", *given, monkeypatch=monkeypatch, capsys=capsys)
    lines = [line.split() for line in said.splitlines()]
    assert [line[:-4] for line in lines] == [["arm"], ["squared", "hinge"], ["InfoNCE"], ["comparison"],
                                             ["squared", "hinge", "minus", "InfoNCE"]]  # fmt: skip
    ours, theirs, difference = (list(map(float, lines[row][-4:])) for row in (1, 2, 4))
    assert ours[-1] == theirs[-1] == difference[-1] == 2  # seeds
    assert difference[0] == pytest.approx(ours[0] - theirs[0], abs=0.011)
    assert difference[1] < difference[0] < difference[2]


def test_the_hinge_by_hand() -> None:
    """A positive of 0.5 and negatives of 0.4 and 0.2: soft maximum T log(e^(0.4/T) + e^(0.2/T)), margin 0.2."""
    loss = runpy.run_path(str(EXAMPLES / "my_loss.py"))["squared_hinge"]
    positive, negatives = torch.tensor([0.5, 0.9]), torch.tensor([[0.4, 0.2], [0.1, 0.1]])
    hardest = 0.1 * log(exp(4) + exp(2))
    torch.testing.assert_close(loss(positive, negatives), torch.tensor([(hardest - 0.5 + 0.2) ** 2, 0.0]))


def test_a_recorder_prints_its_rows(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--epochs", "2", "--images", "256")
    said = run("my_recorder.py", *given, monkeypatch=monkeypatch, capsys=capsys)
    rows = [re.fullmatch(r"step +(\d+)   alignment ([\d.]+)   uniformity (-[\d.]+) nats", s) for s in said.splitlines()]
    assert [row and row[1] for row in rows] == ["0", "5"]  # 2 epochs of 4 steps


SMALL = ("--epochs", "1", "--images", "256", "--judged", "16", "--kinds", "apgd-ce,square")


def test_auto_attack_is_the_authors_package(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("autoattack", reason="the package of AutoAttack's authors is not installed")
    said = run("auto_attack.py", *SMALL, monkeypatch=monkeypatch, capsys=capsys)
    rows = [re.fullmatch(r"(\w+) +([\d.]+) % right", line) for line in said.splitlines()]
    found = {row[1]: float(row[2]) for row in rows if row}
    assert list(found) == ["clean", "FGSM", "PGD", "APGD", "AutoAttack"]
    assert found["AutoAttack"] <= found["clean"]  # of the same images


def test_without_the_package_the_example_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "autoattack", None)
    with pytest.raises(InputError, match="autoattack is not installed; pip install git"):
        run("auto_attack.py", *SMALL, monkeypatch=monkeypatch, capsys=capsys)


def test_alignment_and_uniformity_against_loops() -> None:
    recorder = runpy.run_path(str(EXAMPLES / "my_recorder.py"))["OnTheSphere"](sharpness=3.0)
    z_1, z_2 = (unit(torch.randn(5, 3, generator=torch.Generator().manual_seed(seed))) for seed in (0, 1))
    recorder.after_backward(7, StepOutput(torch.zeros(()), {"z_1": z_1, "z_2": z_2}), Method())
    recorder.rows.fetch()
    a, b = z_1.double().tolist(), z_2.double().tolist()
    square = lambda p, q: sum((x - y) ** 2 for x, y in zip(p, q, strict=True))  # noqa: E731
    alignment = sum(square(p, q) for p, q in zip(a, b, strict=True)) / 5
    pairs = [exp(-3 * square(a[i], a[j])) for i in range(5) for j in range(i)]
    assert recorder.rows.table() == {
        "step": [7.0],
        "alignment": [pytest.approx(alignment)],
        "uniformity": [pytest.approx(log(sum(pairs) / len(pairs)))],
    }
