"""What `anatomy plan` says: the settings of every run, each with the layer that its value is from."""

import json
from pathlib import Path

import pytest

from anatomy import studies
from anatomy.cli import main
from anatomy.runs.config import Run
from anatomy.study import plan, presets
from anatomy.study.study import Study
from planted_store import plant


def test_each_layer_is_named() -> None:
    layers = {"chapter": {"epochs": 3}, "preset": {"epochs": 2, "size": 16}, "base": {"warmup": 0.1, "size": 16}}
    run = Run.of(method="simco", temperature=0.1, epochs=3, size=16, batch_size=32)
    said = plan.merged(run, layers)
    expected = {"epochs": "chapter", "size": "preset", "warmup": "base", "batch_size": "arm", "temperature": "arm"}
    assert {name: said[name][1] for name in expected} == expected
    assert said["schedule"] == ("cosine", "default")
    assert plan.merged(Run.of(temperature=0.1), layers)["epochs"] == (5, "arm")  # the chapter's 3 was left


@pytest.mark.parametrize("chapter", studies.names())
def test_every_run_is_there_with_the_values_that_it_has(chapter: str, store: Path) -> None:
    study = Study(chapter, preset="smoke")
    runs = plan.planned(study)
    assert [run.key for run in runs] == [study.key(run) for run in study.paper]
    for run, planned_run in zip(study.paper, runs, strict=True):
        values = {name: value for name, (value, _) in planned_run.settings.items()}
        assert {name: value for name, value in run.flat().items() if value != ""}.items() <= {
            **values,
            "seed": planned_run.seed,
        }.items()
        own = studies.sizes(chapter).get("smoke", {}) | {"dataset": "shapes"}
        for name, (value, layer) in planned_run.settings.items():
            if layer == "chapter":
                assert own[name] == value
            if layer in ("base", "preset"):
                assert (presets.PRESETS["smoke"].run | {"dataset": "shapes"})[name] == value
    assert not store.exists()


RUNGS = ("rung 1", "rung 3")


def test_the_stages_that_are_known_so_far_are_listed_too(store: Path) -> None:
    """The finals follow from the screen, which is planted for one contrast."""
    study = Study("score_visualization", preset="overnight", records="ignore")
    assert {run.stage for run in plan.planned(study)} == {"paper", "floor", *RUNGS, "screen"}
    for run in study.stages["screen"]:
        plant(study, run)
    known = plan.planned(Study("score_visualization", preset="overnight", records="ignore"))
    assert {run.stage for run in known} == {"paper", "floor", *RUNGS, "screen", "final"}


def test_as_text_and_as_json(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "dictionary_size", "--preset", "smoke"]) == 0
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "dictionary_size at smoke, shapes: 4 runs. All of them:"
    assert "  arm: method=simco" in lines
    assert sum(" seed 0  " in line for line in lines) == 4
    assert main(["plan", "dictionary_size", "--preset", "smoke", "--seeds", "0,1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["chapter"], said["preset"], len(said["runs"])) == ("dictionary_size", "smoke", 8)
    assert said["runs"][0]["settings"]["method"] == {"value": "simco", "from": "arm"}


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        (["dictionary_sizes"], "did you mean dictionary_size"),
        (["dictionary_size", "--preset", "labtop"], "did you mean laptop"),
        (["dictionary_size", "--temprature", "1"], "did you mean temperature"),
    ],
)
def test_what_is_unknown(words: list[str], nearest: str, store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", *words]) == 2
    assert nearest in capsys.readouterr().err
    assert not store.exists()
