"""All that a run can be made of, for two steps and an evaluation on a card that is not there (see `fake_cuda`).

Nothing meets a tensor of the other device, no dtype clashes under autocast, and no step waits for the card.
"""

from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

import pytest
import torch
from torch import Tensor, nn

from anatomy import studies
from anatomy.augmentation import views
from anatomy.augmentation.parameters import Parameters
from anatomy.hardware.machine import Machine
from anatomy.quantities import Objectives, Target
from anatomy.runs import parts
from anatomy.runs.arm import runs_of
from anatomy.runs.config import Run, valid_run
from anatomy.study import presets
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare
from fake_cuda import FakeCuda, fake_cuda
from tiny import tiny

NETWORK = f"{Path(__file__).parent / 'small_network.py'}:small"
SMALL = {"backbone": NETWORK, "images": 64, "epochs": 1, "width": 8, "record_every": 1, "recorders": "", "measures": ""}
MOCO: dict[str, Any] = {"method": "moco", "queue_size": 48}
SYNTHETIC = "score_curves,score_histograms,synthetic"
SIAMESE: dict[str, Any] = {"method": "siamese", "temperature": None, "predictor_hidden": 8, "memory_size": 64}
PLUS: dict[str, Any] = {"norm": "group_plus", "groups": 4}
LABELS: dict[str, Any] = {"method": "supervised", "temperature": None, "projector": "linear", "views": "whole"}

# Each part, and each word or flag that an option may be, stands in one of these; those of several kinds share a run.
CASES: dict[str, dict[str, Any]] = {
    # views that are drawn; the other cases only have their shape
    "drawn": {"method": "simclr", "measures": "knn,linear_probe"},
    "drawn, one matrix": {"method": "simclr", "views": "matrix", "measures": "knn"},
    "whole": LABELS | {"flip_share": 0.5, "measures": "accuracy", "test_batch": 8},
    # where keys and negatives come from
    "mocov2": {"method": "mocov2", "queue_size": 48, "recorders": "hardness,scores", "measures": "hardness_grid"},
    "simco": {"method": "simco", "loss": "decoupled", "measures": "identities,mixing_identities"},
    "simmoco": {"method": "simmoco", "momentum": 0.9, "optimizer": "adam", "measures": "leak", "batch": 8},
    "own views left out": MOCO | {"exclude_own": True, "queue_skip": 16, "recorders": "hardness,scores,score_curves"},
    "two dictionaries": MOCO
    | {"loss": "dual_temperature", "temperature": None, "temperature_intra": 0.1, "temperature_inter": "inf"}
    | {"queue_size_inter": 32, "symmetric": True, "exclude_own": True},
    "no momentum": {"method": {"moco": {"momentum": None}}, "queue_size": 48, "detach_keys": False, "symmetric": True},
    "both views": {"method": {"moco": {"momentum": None}}, "queue_size": 0, "both_views": True},
    # what each sample weighs
    "oracle": {"method": "simco", "oracle": True, "measures": "loss_map,loss_curves,loss_options,family_identities"},
    "oracle of both views": {"method": {"moco": {"momentum": None}}, "queue_size": 0, "both_views": True,
                             "oracle": True},
    **{f"loss {name}": {"method": "simco", "loss": name} for name in (
        "decoupled_weighted", "debiased", "hard_negatives", "align_uniform")},
    "loss spectral": {"method": "simco", "loss": "spectral", "temperature": None},
    "weights with their gradient": {"method": "simco", "loss": "decoupled_weighted", "detach_weights": False},
    **{f"cacr {detached}": {"method": "multi_view", "positives": 2, "loss": "cacr",
                            "detach_weights": detached} for detached in (False, True)},
    # temperatures that are trained, several heads, positives that are made, classes of unequal size
    **{f"learned: {name}": {"method": name, "temperature": None, "recorders": "temperatures,on_sphere"}
       for name in ("learned_temperature", "anchor_temperature", "amcl")},
    "several heads": {"method": "multi_head", "heads": 2, "imbalance": 4, "batch_size": 16,
                      "measures": "loss_costs,positive_weights"},
    **{f"made, smooth {smooth}": {"method": "hallucinator", "smooth": smooth, "imbalance": 4, "imbalance_by": "chance",
                                 "batch_size": 16}
       for smooth in (False, True)},
    "spectral of a queue": MOCO | {"loss": "spectral", "temperature": None, "exclude_own": True},
    # features that are mixed
    "later": MOCO | {"transform": "mochi", "transform_from": 1, "hardest": 5, "of_two": 3, "with_query": 2},
    "mochi": MOCO | {"transform": "mochi", "hardest": 5, "of_two": 3, "with_query": 2, "recorders": SYNTHETIC},
    "both mixed": MOCO | {"transform": "feature_transformation", "recorders": SYNTHETIC},
    "both mixed, by dimension": MOCO | {"transform": "feature_transformation", "per_dimension": True},
    "negatives": MOCO | {"transform": "negative_interpolation"},
    "clusters": MOCO | {"transform": "cluster_means", "clusters": 6, "exclude_own": True},
    "on the sphere": MOCO | {"transform": "sphere_positives", "centers": 6},
    "negatives, by dimension": MOCO
    | {"transform": "negative_interpolation", "per_dimension": True, "renormalize": True},
    "pulled apart": MOCO | {"transform": "positive_extrapolation", "per_dimension": True, "renormalize": True},
    "pulled apart by c": MOCO | {"transform": "positive_extrapolation", "c": 2.6},
    "together": MOCO | {"transform": "positive_interpolation"},
    "together, by dimension": MOCO
    | {"transform": "positive_interpolation", "per_dimension": True, "renormalize": True},
    "weight": MOCO | {"transform": "positive_weight"},
    "shrunk": {"method": "mocov2", "queue_size": 48, "symmetric": True, "exclude_own": True,
               "transform": "shrunk_negatives"},
    # without negatives
    **{f"target {word}": SIAMESE | {"target": word} for word in get_args(Target)},
    **{f"component {word}": SIAMESE | {"target": "triplet", "component": word, "online": "embedding"}
       for word in ("center", "residual", "none")},
    "byol without predictor": {"method": "byol", "online": "embedding", "temperature": None},
    "moving average as its authors have it": {"method": "moving_average", "temperature": None, "memory_size": 64,
                                              "random_start": True, "one_view": True},
    "predictor none": SIAMESE | {"online": "embedding", "predictor": "none", "constant_predictor": False,
                                 "recorders": "geometry"},
    "predictor bias": SIAMESE | {"predictor": "bias", "measures": "collapse",
                                 "recorders": "geometry,spectrum"},
    "predictor linear": SIAMESE | {"predictor": "linear", "projector": "mlp_norm", "hidden": 16, "dimension": 16},
    **{f"method {name}": {"method": name, "temperature": None} for name in (
        "barlow_twins", "vicreg",
        "byol", "explicit_expectation", "inverse_predictor", "mirror", "moving_average", "naive", "simsiam",
        "single_bias", "single_linear", "symmetric_predictor", "triplet")},
    "final norm": {"method": "simsiam", "temperature": None, "projector": "mlp_norm", "hidden": 16, "dimension": 16,
                   "final_norm": True, "measures": "collapse,gradient_parts,alignment_uniformity"},
    **{f"phase {word}": {"method": "phases", "temperature": None, "phases": f"{word} 1, nothing 1"} for word in (
        "simsiam", "naive", "mirror", "center", "residual", "covariance", "correlation", "info_nce", "nothing")},
    # networks and their layers
    "resnet18": {"backbone": "resnet18", "norm": "none", "standardize": True},
    "resnet18, plain": {"backbone": "resnet18"},
    "resnet8": {"backbone": "resnet8"},
    "stem of stride 1": {"backbone": "resnet8", "stem_stride": 1, "norm": "layer", "standardize": True},
    "scatnet": {"backbone": "scatnet", "orientations": 4, "standardize": True},
    "scatnet, plain": {"backbone": "scatnet"},
    "vgg11": LABELS | {"backbone": "vgg11", "size": 32, "dropout": 0.1, "noise_deviation": 0.1, "noise_groups": 4,
                       "norm": "instance", "standardize": True, "recorders": "gradients"},
    "vgg7": LABELS | {"backbone": "vgg7", "norm": "group", "groups": 4, "dropout": 0.1, "standardize": True,
                      "optimizer": "adam", "schedule": "constant", "recorders": "gradients,landscape", "every": 1,
                      "distances": "0.1"},
    # attacked
    **{f"noise {noise} {penalty}": LABELS | {"method": "adversarial", "noise": noise, "penalty": penalty,
                                             "distribution": distribution, "fresh": fresh, "clip": fresh,
                                             "recorders": "robustness", "watched": 8}
       for noise, penalty, distribution, fresh in (
           ("none", "grad_align", "uniform", True), ("start", "aaer", "normal", False),
           ("image", "aaer_as_written", "uniform", True), ("after", "none", "normal", True))},
    "measures of attacks": LABELS | {"measures": "robust_accuracy,local_linearity,class_ranks,transferred_ranks,"
                                                "probe_under_attack,defense_costs,attack_identities"},
    "taught": {"method": "deacl", "temperature": None, "teacher": "0" * 16},
    "vgg7, plain": LABELS | {"backbone": "vgg7"},
    "vgg11, plain": LABELS | {"backbone": "vgg11", "size": 32},
    "estimate": {"norm": "batch_channel", "groups": 4, "estimate": True, "measures": "batch_mates"},
    "batch_channel": {"norm": "batch_channel", "groups": 4, "measures": "step_time"},
    **{f"GN+ {order}, {running=}, {per_channel=}": PLUS | {"order": order, "running": running,
                                                           "per_channel": per_channel, "measures": "knn"}
       for order in ("group_first", "batch_first", "parallel") for running in (False, True)
       for per_channel in (False, True)},
}  # fmt: skip


# What is measured and never trained.
UNTRAINED: dict[str, dict[str, Any]] = {
    "pixels": {"method": "simclr", "backbone": "pixels", "epochs": 0, "width": None, "measures": "knn,linear_probe"},
    "no epoch": {"method": "simclr", "epochs": 0, "measures": "knn"},
}


def run_of(case: str) -> Run:
    return tiny(**SMALL | (CASES | UNTRAINED)[case])


def without_drawing(patch: pytest.MonkeyPatch) -> None:
    """Views of the right shape: they take half of the time of a step that has no numbers."""

    def apply(images: Tensor, parameters: Parameters, *, size: int) -> Tensor:
        assert len(images) == len(parameters)
        return torch.empty(len(images), 3, size, size, device=images.device)

    patch.setattr(views, "apply", apply)


def steps(run: Run, precision: str, card: FakeCuda) -> tuple[Training, list[list[str]]]:
    """The run, trained, and what made each of its steps wait; last what the end of its epoch did."""
    training = prepare(run, Machine("cuda", precision, 1, compile="no"))
    waits: list[list[str]] = [[]]
    card.waits = waits[0]

    def tick(step: int) -> None:
        waits.append([])
        card.waits = waits[-1]

    fit(training, tick=tick)
    return training, waits


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("case", CASES)
def test_on_a_card(case: str, precision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if case not in ("drawn", "drawn, one matrix", "whole"):
        without_drawing(monkeypatch)
    run = run_of(case)
    with fake_cuda() as card:
        training, waits = steps(run, precision, card)
        card.waits = []
        tables = run_tables(training)
    assert waits[:-1] == [[], []]
    assert len(waits[-1]) <= 1 + 3 * len(run.recorders)  # the losses; rows, and a size for each pass of clean images
    assert set(tables) == {"loss", *(p.name for p in (*run.recorders, *run.measures))}
    assert all(p.device.type == "cuda" for p in training.method.parameters())


@pytest.mark.parametrize("case", UNTRAINED)
def test_measured_on_a_card_without_training(case: str) -> None:
    run = run_of(case)
    with fake_cuda() as card:
        training, waits = steps(run, "fp32", card)
        assert waits == [[]]
        tables = run_tables(training)
    assert {p.name for p in run.measures} <= set(tables)


# --- nothing is left out


def words(type_: Any) -> list[Any]:
    """The values of an option that is no number: a word, a flag, or nothing in the place of a number."""
    if get_origin(type_) is Literal:
        return list(get_args(type_))
    return [False, True] if type_ is bool else [None] if NoneType in get_args(type_) else []


def chosen(kind: str) -> tuple[set[str], dict[str, list[Any]]]:
    """The parts of a kind that stand in a case, and the values that each of their options has there."""
    names, values = set(), dict[str, list[Any]]()
    for case in CASES | UNTRAINED:
        for part in (part for of, part in run_of(case).all_parts() if of == kind):
            names.add(part.name)
            for option in parts.signature(kind, part.name).values():
                values.setdefault(option.name, []).append(part.options.get(option.name, option.default))
    return names, values


@pytest.mark.parametrize("kind", parts.PLACES)
def test_every_part_and_each_of_its_words_stands_in_a_case(kind: str) -> None:
    """An option of the same name in two parts is handed on by one to the other, or they share it."""
    names, values = chosen(kind)
    for name in parts.names(kind):
        assert name in names
        for option in parts.signature(kind, name).values():
            assert all(word in values[option.name] for word in words(option.type)), (name, option.name)


def test_every_objective_stands_in_a_case() -> None:
    (pattern,) = (field.pattern for field in Objectives.__metadata__[0].metadata)
    for objective in pattern.partition("(")[2].partition(")")[0].split("|"):
        assert any(objective in case.get("phases", "") for case in CASES.values()), objective


# --- the chapters at the preset that is made for a card


def arms(chapter: str) -> list[Run]:
    """What a chapter trains there: of those that differ in numbers alone one, in one batch, and in the place of
    ResNet-18 a network with fewer layers of the same kinds."""
    preset = presets.load("gpu").of(chapter)
    found: dict[str, Run] = {}
    full = studies.load(chapter).arms(preset.run | {"dataset": preset.dataset}, full=True)
    for run in runs_of(full, (0,)):
        small = {"dataset": "shapes", "images": run.batch_size, "epochs": 1, "evaluate_on": "held_out", "measures": []}
        deep = {"backbone": {"resnet8": {}}} if run.backbone.name == "resnet18" else {}
        found.setdefault(kind_of(run), valid_run(run.content() | small | deep))
    return list(found.values())


def kind_of(run: Run) -> str:
    """Its parts, with words and flags; a number only says that it was given."""
    plain = [
        (kind, part.name, {n: v if isinstance(v, str | bool | None) else "a number" for n, v in part.options.items()})
        for kind, part in run.all_parts()
        if kind != "measure"
    ]
    return str((plain, run.optimizer, run.schedule))


@pytest.mark.slow
@pytest.mark.parametrize("chapter", studies.names())
def test_arms_of_a_chapter_on_a_card(chapter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    without_drawing(monkeypatch)
    for run in arms(chapter):
        with fake_cuda() as card:
            _, waits = steps(run, "bf16", card)
        assert waits[0] == [], run


# --- the card that is not there notices what a real one would


def test_a_card_notices_what_a_step_must_not_do() -> None:
    with fake_cuda() as card:
        x = torch.zeros(4, 3, device="cuda")
        with pytest.raises(RuntimeError, match="on the same device"):
            x + torch.zeros(4, 3)
        card.waits.clear()
        with pytest.raises(RuntimeError, match="a single memory location"):
            torch.zeros(1).expand(3).pin_memory()
        slow = [
            lambda: x.sum().item(),
            lambda: bool((x > 0).any()),
            lambda: int(x.max()),
            lambda: x[x > 0],
            lambda: (x > 0).nonzero(),
            lambda: x.cpu(),
            lambda: x.tolist(),
            lambda: torch.zeros(3).to("cuda"),
            lambda: torch.zeros(3).to("cuda", non_blocking=True),  # not from pinned memory
            lambda: torch.tensor([1.0, 2.0], device="cuda"),
            lambda: x[torch.tensor([0, 1])],
        ]
        for at, wait in enumerate(slow, start=1):
            wait()
            assert len(card.waits) == at, card.waits
        torch.zeros(3).pin_memory().to("cuda", non_blocking=True)
        assert len(card.waits) == len(slow)


def test_the_gradients_are_torchs_own() -> None:
    """The stand-in for torch's engine, on the processor: shared, expanded, rounded and unused inputs."""
    import fake_cuda as module

    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.GroupNorm(2, 4), nn.ReLU(), nn.Flatten(), nn.Linear(16, 5))
    x = torch.randn(6, 3, 4, 4, requires_grad=True)

    def loss() -> Tensor:
        with torch.autocast("cpu", torch.bfloat16):
            z = net(x)
        return (z.float() * z.float().mean(1, keepdim=True).expand_as(z)).sum() + net[4].bias.sum()

    weights = [x, *net.parameters()]
    wanted = torch.autograd.grad(loss(), weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("torch.autograd._engine_run_backward", module.backward)
        found = torch.autograd.grad(loss(), weights)
        loss().backward()
    for one, other, weight in zip(wanted, found, weights, strict=True):
        assert torch.equal(one, other)
        assert torch.equal(one, weight.grad)
