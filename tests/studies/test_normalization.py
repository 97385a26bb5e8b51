"""The study of normalization: which runs it asks for, and parameters, right and wrong."""

from pathlib import Path
from typing import Any

import pytest

from anatomy.errors import InputError
from anatomy.runs.arm import runs_of
from anatomy.study.study import Study


def study(preset: str = "smoke", **given: Any) -> Study:
    return Study("normalization", preset=preset, **given)


@pytest.mark.parametrize("preset", ["smoke", "laptop", "overnight", "gpu"])
def test_every_preset_asks_for_lawful_and_different_runs(preset: str, store: Path) -> None:
    asked = study(preset)
    assert len(asked.keys) == len(set(asked.keys)) > 40
    assert {run.method.name for run in asked.paper} == {"supervised", "simco", "mocov2"}
    assert not store.exists()


def test_decisive_arms_have_every_seed_and_controls_one(store: Path) -> None:
    flat = [run.flat() for run in study("laptop").runs]
    seeds = {}
    for row in flat:
        arm = tuple((k, str(v)) for k, v in row.items() if k != "seed")
        seeds.setdefault(arm, []).append(row["seed"])
    assert {tuple(found) for found in seeds.values()} == {(0, 1, 2), (0,)}
    first = next(iter(seeds))
    assert dict(first)["norm"] == "batch"
    assert seeds[first] == [0, 1, 2]


def test_a_layer_with_groups_has_the_presets(store: Path) -> None:
    for given, expected in (({}, 16), ({"groups": 8}, 8), ({"groups": "4"}, 4)):
        grouped = [r.norm.options["groups"] for r in study("laptop", **given).runs if r.backbone.name != "resnet8"
                   and "groups" in r.norm.options]  # fmt: skip
        assert set(grouped) == {expected}


def test_own_grid(store: Path) -> None:
    asked = study(learning_rates="1e-4,3e-4", batch_sizes=[32, 8])
    sgd = {run.batch_size for run in asked.runs if run.optimizer == "sgd" and run.method.name == "supervised"}
    assert sgd == {8, 16, 32}  # 16: the forms of GN+
    rates = {run.learning_rate for run in asked.runs if run.record_every == 1 and run.backbone.name == "vgg7"}
    assert rates == {1e-4, 3e-4}


def test_the_equal_steps_are_equal(store: Path) -> None:
    runs = [run for run in study("overnight").runs if run.optimizer == "sgd" and run.method.name == "supervised"]
    lengths = {}
    for run in runs:
        steps = run.images // run.batch_size * run.epochs
        lengths.setdefault((run.batch_size, run.images * run.epochs), steps)
    both_ways = {size: [steps for (b, _), steps in lengths.items() if b == size] for size in (4, 256)}
    assert set(both_ways[4]) & set(both_ways[256]), both_ways


def test_on_svhn_gn_plus_is_in_the_bands(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from anatomy import studies
    from anatomy.study import presets

    base = presets.load("laptop").of("normalization").run
    make = studies.load("normalization").arms
    for dataset, expected in (
        ("svhn", {"batch", "group", "group_plus", "none"}),
        ("shapes", {"batch", "group", "none"}),
    ):
        runs = runs_of(make(base | {"dataset": dataset}, full=False), (0,))
        band = [run for run in runs if run.record_every == 1 and run.backbone.name == "vgg7"]
        assert {run.norm.name for run in band} == expected
        assert all(bool(run.measures) == (dataset == "svhn") for run in band)


@pytest.mark.parametrize(("given", "said"), [
    ({"groups": -1}, "groups is -1, but it must be greater than or equal to 0"),
    ({"groups": "many"}, "groups is 'many'"),
    ({"learning_rates": "fast"}, "learning_rates is"),
    ({"learning_rates": [0]}, "learning_rates is"),
    ({"batch_sizes": "0"}, "batch_sizes is"),
    ({"group": 4}, "unknown parameter 'group'; did you mean groups"),
])  # fmt: skip
def test_wrong_parameters_are_one_sentence(given: dict[str, Any], said: str, store: Path) -> None:
    with pytest.raises(InputError, match=said):
        study(**given)
    assert not store.exists()


def test_groups_that_do_not_divide_are_rejected_before_anything_is_written(store: Path) -> None:
    from tiny import Here

    with pytest.raises(
        InputError, match="groups is 5, but a layer has (16|32) channels, which it does not divide; try 1"
    ):
        study(groups=5).train(executor=Here())
    assert not store.exists()
