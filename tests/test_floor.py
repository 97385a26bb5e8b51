"""What accuracies are held against: which runs, and what an untrained run writes down."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from anatomy import studies
from anatomy.data import shapes
from anatomy.errors import InputError
from anatomy.hardware.machine import Machine
from anatomy.networks.backbones import pixels
from anatomy.runs import floor
from anatomy.runs.config import Run
from anatomy.scheduling.cost import make_plan
from anatomy.scheduling.sweep import sweep
from anatomy.scheduling.worker import Task
from anatomy.settings import OF_DATA
from anatomy.storage.store import Store
from anatomy.study.request import Request
from anatomy.training.network import build

UNTRAINED = {"method": "naive", "images": 100, "epochs": 0, "size": 8}


def test_pixels_are_the_image_and_have_no_weights() -> None:
    images = torch.rand(2, 3, 4, 4)
    network = pixels(4)
    assert torch.equal(network(images), images.flatten(1))
    assert network.dimension == 48
    assert list(network.parameters()) == []
    assert build(Run.of(**UNTRAINED, backbone="pixels")).encoder.backbone.dimension == 3 * 8 * 8


def test_pixels_are_not_trained_and_take_no_norm() -> None:
    with pytest.raises(InputError, match="'pixels' has nothing to train, but epochs is 3; try epochs 0"):
        Run.of(backbone="pixels", method="naive", epochs=3)
    with pytest.raises(InputError, match="backbone 'pixels' takes no norm"):
        Run.of(backbone="pixels", method="naive", epochs=0, norm="layer")


@pytest.fixture
def made(tmp_path: Path) -> dict[str, dict]:
    """The records of pixels and of a network that nobody trained, by the backbone's name."""
    runs = [Run.of(**UNTRAINED, backbone=name, measures="knn,linear_probe") for name in ("pixels", "resnet8")]
    store = Store(str(tmp_path / "runs"))
    keys = sweep(runs, store, machine=Machine("cpu", "fp32"), workers=1, say=lambda line: None).keys
    return {run.backbone.name: store.record(key) for run, key in zip(runs, keys, strict=True)}


def test_an_untrained_network_is_a_run(made: dict[str, dict]) -> None:
    """Whatever the size of a batch."""
    assert Run.of(**UNTRAINED).batch_size > 100
    for record in made.values():
        assert record["tables"]["loss"] == {"epoch": [], "loss": []}
        assert record["provenance"]["first_losses"] == []
        assert 0 <= record["tables"]["linear_probe"]["accuracy"][0] <= 100
    assert made["pixels"]["tables"]["knn"]["accuracy"] != made["resnet8"]["tables"]["knn"]["accuracy"]


def test_runs_without_steps_are_not_timed(tmp_path: Path) -> None:
    run = Run.of(**UNTRAINED, backbone="pixels")
    task = Task(run.content(), str(tmp_path), None, Machine("cpu"), {})
    with ThreadPoolExecutor(1) as threads:
        plan = make_plan({"a": task}, {"a": task}, Store(str(tmp_path)), threads, 1)
    assert (plan.precision, plan.compile, plan.seconds) == ("fp32", "no", {"a": 1.0})


def test_other_code_measures_an_untrained_run_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no losses by which it could be told to be the same."""
    store, run = Store(str(tmp_path / "runs")), Run.of(**UNTRAINED, backbone="pixels", measures="knn")
    first = sweep([run], store, machine=Machine("cpu"), workers=1, say=lambda line: None).keys[0]
    record = store.record(first)
    store.save_record(first, {**record, "provenance": {**record["provenance"], "sources": ["older"]}})
    sweep([run], store, machine=Machine("cpu"), workers=1, say=lambda line: None)
    assert store.record(first)["provenance"]["sources"] == record["provenance"]["sources"]


@pytest.mark.parametrize("chapter", studies.names())
@pytest.mark.parametrize("preset", ["laptop", "overnight", "gpu"])
def test_every_accuracy_has_its_floor(chapter: str, preset: str) -> None:
    """Data, number of images, size and readout of the arms that most claims depart from, as the floors have them."""
    study = Request.of(chapter, preset=preset)
    floors = [run.flat() for run in study.floors()]
    if (chapter, preset) == ("vector_decomposition", "laptop"):
        assert floors == []
        return
    places = {
        (tuple(f[name] for name in OF_DATA), m.name)
        for f, run in zip(floors, study.floors(), strict=True)
        for m in run.measures
    }
    read = {"knn": "knn"} | dict.fromkeys(("linear_probe", "accuracy", "robust_accuracy"), "linear_probe")
    arms = [(run.flat(), read[m.name]) for run in study.runs() for m in run.measures if m.name in read]
    first = (tuple(arms[0][0][name] for name in OF_DATA), arms[0][1])
    assert first in places
    assert {readout for _, readout in places} >= {readout for _, readout in arms}
    kinds = ["pixels" if f["backbone"] == "pixels" else f["method"] for f in floors]
    seeds = {kind: {f["seed"] for f, of in zip(floors, kinds, strict=True) if of == kind} for kind in kinds}
    # Of chapter six the network trained with labels alone is an arm.
    ceiling = {} if chapter == "robustness" else {"supervised": 3}
    assert {kind: len(found) for kind, found in seeds.items()} == {"pixels": 1, "naive": 3} | ceiling


def test_a_floor_has_the_network_of_its_runs() -> None:
    base = {
        "backbone": "vgg7",
        "width": 8,
        "norm": "group",
        "groups": 4,
        "temperature": 0.1,
        "queue_size": 7,
        "epochs": 3,
    }
    _, network = floor.floor_runs(base, seeds=(5,), measures="knn")
    assert (
        network.content()
        == Run.of(method="naive", backbone="vgg7", width=8, norm="group", groups=4, epochs=0, seed=5).content()
    )


BASE = {
    "backbone": "resnet8", "width": 8, "stem_stride": 1, "size": 16, "images": 100, "dataset": "cifar10",
    "epochs": 3, "batch_size": 32, "learning_rate": 0.2, "schedule": "constant", "crop_min": 0.4,
    "method": "simco", "temperature": 0.1, "recorders": "hardness", "projector": "mlp_norm", "hidden": 32,
}  # fmt: skip


def test_a_ceiling_differs_from_its_base_in_the_labels_alone() -> None:
    first, second = floor.ceiling_runs(BASE, seeds=(5, 6), measures="knn,linear_probe")
    kept = {name: BASE[name] for name in list(BASE)[: list(BASE).index("method")]}
    flat = first.flat()
    assert {name: flat[name] for name in kept} == kept
    assert (flat["method"], flat["projector"], flat["dimension"], first.recorders) == ("supervised", "linear", 10, ())
    assert [part.name for part in first.measures] == ["knn", "linear_probe"]
    assert (first.seed, second.seed) == (5, 6)


def test_a_ceiling_has_a_logit_for_each_class() -> None:
    (of,) = floor.ceiling_runs(BASE | {"dataset": "cifar100"}, seeds=(0,), measures="knn")
    assert of.flat()["dimension"] == 100
    assert floor.ceiling_runs(BASE | {"dataset": "mine"}, seeds=(0,), measures="knn") == []
    assert floor.CLASSES["shapes"] == len(shapes.CLASS_NAMES)


def test_a_ceiling_is_trained_and_read_as_the_arms_are(tmp_path: Path) -> None:
    """Both readouts find what the labels taught: more than the network as it is made."""
    base = {"images": 2048, "epochs": 6, "batch_size": 64, "backbone": "resnet8", "width": 8, "size": 16}
    base |= {"dataset": "shapes"}
    labels = floor.ceiling_runs(base, seeds=(0,), measures="knn,linear_probe")
    _, untrained = floor.floor_runs(base, seeds=(0,), measures="knn,linear_probe")
    store = Store(str(tmp_path / "runs"))
    keys = sweep([*labels, untrained], store, machine=Machine("cpu", "fp32"), workers=1, say=lambda line: None).keys
    above, below = (store.record(key)["tables"] for key in keys)
    assert above["knn"]["accuracy"][0] > below["knn"]["accuracy"][0] + 8
    assert above["linear_probe"]["accuracy"][0] > below["linear_probe"]["accuracy"][0] + 8


def test_smoke_has_none_since_its_numbers_are_no_results() -> None:
    assert Request.of("dictionary_size", preset="smoke").floors() == []


def test_both_places_say_what_a_floor_shares() -> None:
    assert floor.OF_DATA == OF_DATA
