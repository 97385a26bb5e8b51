"""The geometry recorder against loops over what it was shown, in the batch and over the whole set."""

import pytest
import torch
from torch import nn

import reference
from anatomy.networks.heads import Encoder
from anatomy.recorders.geometry import BETWEEN, OF_P, OF_Z, Geometry
from anatomy.similarity import unit
from anatomy.step import Method, StepOutput
from reference import array

ROUNDED = 1e-5


def shown(generator: torch.Generator, predicted: bool = True) -> StepOutput:
    z, p = (unit(torch.randn(12, 5, generator=generator, dtype=torch.float64) + 1) for _ in range(2))
    watch = {"z_1": z, "p_1": p} if predicted else {"z_1": z}
    return StepOutput(torch.tensor(0.0), watch)


def rows(recorder: Geometry) -> dict[str, list[float]]:
    recorder.rows.fetch()
    return recorder.rows.table()


def test_a_batch_against_loops(generator: torch.Generator) -> None:
    output, recorder = shown(generator), Geometry()
    recorder.after_backward(30, output, Method())
    table = rows(recorder)
    assert list(table) == ["step", "images", *OF_Z, *OF_P, *BETWEEN, "drift"]
    assert (table["step"], table["images"]) == ([30], [12])
    z, p = (reference.geometry(array(output.watch[name])) for name in ("z_1", "p_1"))
    for name in OF_Z:
        assert table[name][0] == pytest.approx(z[name], abs=ROUNDED)
    for name in OF_P:
        assert table[name][0] == pytest.approx(p[name.removeprefix("p_")], abs=ROUNDED)
    o_z, o_p = (reference.center_of(array(output.watch[name])) for name in ("z_1", "p_1"))
    assert table["eta_p"][0] == pytest.approx((o_z - o_p) @ o_p / (o_p @ o_p), abs=ROUNDED)
    assert table["eta_z"][0] == pytest.approx((o_p - o_z) @ o_z / (o_z @ o_z), abs=ROUNDED)
    assert table["length_ratio"][0] == pytest.approx(z["center"] ** -1 * p["center"], abs=ROUNDED)
    assert table["center_cosine"][0] == pytest.approx(reference.cosine(o_z, o_p), abs=ROUNDED)


def test_without_predictor_its_numbers_are_absent(generator: torch.Generator) -> None:
    recorder = Geometry()
    recorder.after_backward(0, shown(generator, predicted=False), Method())
    table = rows(recorder)
    assert all(table[name][0] != table[name][0] for name in (*OF_P, *BETWEEN))
    assert all(table[name][0] == table[name][0] for name in OF_Z)


def test_drift_is_the_cosine_to_the_row_before(generator: torch.Generator) -> None:
    recorder, outputs = Geometry(), [shown(generator) for _ in range(2)]
    for step, output in enumerate(outputs):
        recorder.after_backward(step, output, Method())
    drift = rows(recorder)["drift"]
    centers = [reference.center_of(array(output.watch["z_1"])) for output in outputs]
    assert drift[0] != drift[0]
    assert drift[1] == pytest.approx(reference.cosine(*centers), abs=ROUNDED)


class Doubled(Method):
    """Embeddings are the pixels, predictions twice them with another center."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(nn.Flatten(), nn.Identity(), 12)
        self.predictor = nn.Threshold(0.2, 0.5)


def test_the_whole_set_is_the_first_images_through_encoder_and_predictor(generator: torch.Generator) -> None:
    images = torch.randn(10, 3, 2, 2, generator=generator, dtype=torch.float64)
    recorder, parts = Geometry(whole=7), iter(images.split(3))
    recorder.end_of_epoch(40, Doubled(), parts)
    table = rows(recorder)
    assert (table["step"], table["images"]) == ([40], [7])
    assert len(list(parts)) == 1  # three batches of three hold seven; the fourth was not looked at
    z = array(images[:7].flatten(1))
    p = array(nn.Threshold(0.2, 0.5)(images[:7].flatten(1)))
    for prefix, raw in (("", z), ("p_", p)):
        expected = reference.geometry(array([row / reference.length(row) for row in raw]))
        assert table[f"{prefix}center"][0] == pytest.approx(expected["center"], abs=ROUNDED)
        assert table[f"{prefix}residual"][0] == pytest.approx(expected["residual"], abs=ROUNDED)


def test_the_drift_begins_anew_with_each_epoch(generator: torch.Generator) -> None:
    """Its center is in no checkpoint, so a run that goes on must not need it."""
    recorder = Geometry(whole=4)
    recorder.after_backward(0, shown(generator), Method())
    recorder.end_of_epoch(1, Doubled(), [torch.randn(4, 3, 2, 2, generator=generator)])
    recorder.after_backward(1, shown(generator), Method())
    assert all(drift != drift for drift in rows(recorder)["drift"])


def test_it_needs_embeddings_and_no_more() -> None:
    assert Geometry.needs == ("z_1",)
