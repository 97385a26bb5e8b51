"""The one loop: same numbers from the same seed, also after an interruption, and a clear end where it cannot go on."""

import io
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch import Tensor

from anatomy.augmentation import views
from anatomy.errors import InputError, RunFailed
from anatomy.hardware.machine import Machine
from anatomy.networks.heads import Encoder
from anatomy.runs.config import Run
from anatomy.scheduling.speed import step_seconds
from anatomy.training import optimizer, train
from anatomy.training.batches import batches
from anatomy.training.network import build
from anatomy.training.optimizer import learning_rate
from anatomy.training.replay import first_losses
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare
from tiny import MACHINE, tiny

# K = 40 is no multiple of the batch: the queue's position matters.
METHODS: dict[str, dict[str, Any]] = {
    "simco": {},
    "simclr": {"method": "simclr"},
    "mocov2": {"method": "mocov2", "queue_size": 40, "momentum": 0.9},
    "simsiam": {"method": "simsiam", "temperature": None, "predictor_hidden": 8, "recorders": "geometry"},
    "moving average": {
        **{"method": "moving_average", "temperature": None, "memory_size": 96},
        "recorders": "geometry",
    },
    "two temperatures": {
        "loss": "dual_temperature",
        "temperature": None,
        "temperature_intra": 0.1,
        "temperature_inter": 1.0,
    },
    # Draws at every step; it begins in epoch 1, and its recorders note histograms at some of their steps only.
    "mixed negatives": {
        "method": "mocov2", "queue_size": 40, "transform": "mochi", "hardest": 5, "of_two": 3, "with_query": 2,
        "transform_from": 1, "recorders": "score_curves,score_histograms,synthetic", "every": 2, "record_every": 1,
    },
}  # fmt: skip


def run_of(name: str, **changed: Any) -> Run:
    return tiny(**METHODS[name] | changed)


def trained(run: Run, **options: Any) -> Training:
    training = prepare(run, MACHINE)
    fit(training, **options)
    return training


def written(training: Training) -> bytes:
    """Its state as a checkpoint holds it."""
    buffer = io.BytesIO()
    torch.save(training.state(), buffer)
    return buffer.getvalue()


def read(state: bytes) -> dict[str, Any]:
    return torch.load(io.BytesIO(state), weights_only=True)


def assert_same_bits(one: Any, other: Any, where: str = "state") -> None:
    """Equal to the last bit, tensors in nested containers included."""
    assert type(one) is type(other), where
    if isinstance(one, Tensor):
        assert one.dtype == other.dtype, where
        assert torch.equal(one, other), where
    elif isinstance(one, dict):
        assert one.keys() == other.keys(), where
        for name in one:
            assert_same_bits(one[name], other[name], f"{where}.{name}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), where
        for at, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same_bits(a, b, f"{where}[{at}]")
    else:
        assert one == other or (one != one and other != other), where  # a recorder's absent number is NaN


# --- the same numbers


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_same_bits(method: str) -> None:
    one, other = trained(run_of(method)), trained(run_of(method))
    assert_same_bits(one.state(), other.state())
    assert_same_bits(run_tables(one), run_tables(other))


@pytest.mark.parametrize("method", METHODS)
def test_other_seed_other_numbers(method: str) -> None:
    one, other = trained(run_of(method)), trained(run_of(method, seed=1))
    assert len(one.losses) == 6
    assert not set(one.losses) & set(other.losses)


def test_torchs_own_generator_decides_nothing() -> None:
    torch.manual_seed(1)
    one = trained(tiny())
    torch.manual_seed(2)
    torch.rand(7)
    assert_same_bits(one.state(), trained(tiny()).state())


def test_weights_do_not_move_the_global_generator() -> None:
    before = torch.random.get_rng_state()
    build(tiny())
    assert torch.equal(torch.random.get_rng_state(), before)


def test_arms_share_weights_order_and_views() -> None:
    """What only the loss distinguishes starts equal: the first positives are the same."""
    one, two = trained(run_of("simco")), trained(run_of("two temperatures"))
    first = [training.recorders["scores"].rows.fetched[0] for training in (one, two)]
    assert first[0] == first[1]
    assert one.losses[0] == two.losses[0]
    assert one.losses[1] != two.losses[1]


@pytest.mark.parametrize("epoch", [1, 2])
@pytest.mark.parametrize("method", METHODS)
def test_resumed_equals_unbroken(method: str, epoch: int) -> None:
    """After each epoch: weights, queue, momentum encoder, optimizer, recorders' tables and measures, bit for bit."""
    run = run_of(method, epochs=3)
    states: list[bytes] = []
    unbroken = trained(run, save=lambda training: states.append(written(training)))
    resumed = prepare(run, MACHINE)
    resumed.load(read(states[epoch - 1]))
    assert resumed.epoch == epoch
    fit(resumed)
    assert_same_bits(unbroken.state(), resumed.state())
    assert_same_bits(run_tables(unbroken), run_tables(resumed))


def test_state_holds_queue_momentum_encoder_and_optimizer() -> None:
    state = read(written(trained(run_of("mocov2"))))
    names = state["method"].keys()
    assert {"queue.keys", "queue.position"} <= names
    assert state["method"]["queue.position"] == 6 * 32 % 40
    assert any(name.startswith("momentum_encoder.backbone") for name in names)
    assert any(name.endswith("running_mean") for name in names)
    assert all("momentum_buffer" in one for one in state["optimizer"]["state"].values())
    assert (state["epoch"], len(state["losses"])) == (2, 6)


def test_batches_are_each_image_once_an_epoch() -> None:
    """96 images in batches of 40: two whole batches, and the rest of 16 is left out; another order each epoch."""
    training = prepare(tiny(batch_size=40), MACHINE)
    first = torch.cat([batch.index for batch in batches(training)])
    training.epoch = 1
    second = torch.cat([batch.index for batch in batches(training)])
    assert len(first) == len(first.unique()) == 80
    assert not torch.equal(first, second)
    batch = next(batches(training))
    assert [tuple(view.shape) for view in batch.views] == [(40, 3, 16, 16)] * 2
    assert not torch.equal(*batch.views)
    assert torch.equal(batch.labels, training.images.labels[batch.index])


def test_views_are_the_same_bits_for_one_batch_or_for_several(monkeypatch: pytest.MonkeyPatch) -> None:
    """80 images in batches of 16: made for one, for three (the last time for two), or for all at once."""
    training = prepare(tiny(batch_size=16, images=80), MACHINE)
    made = []
    for images in (1, 48, 1000):
        monkeypatch.setattr("anatomy.training.batches.IMAGES", images)
        made.append(list(batches(training)))
    for one, *others in zip(*made, strict=True):
        for other in others:
            assert torch.equal(torch.cat(one.views), torch.cat(other.views))
            assert torch.equal(one.index, other.index)
            assert torch.equal(one.labels, other.labels)
    assert len(made[0]) == 5


# --- the learning rate


def test_learning_rate_by_pencil() -> None:
    """Peak 0.12 x 512 / 256 = 0.24; of 100 steps 10 rise by 0.024 each, and 90 fall as half a cosine.

    Step 54 lies (54 - 10) / 90 on; step 55 is halfway: 0.12; 32.5 would be a quarter, so step 25 = 15 / 90 = 1 / 6:
    0.24 x (1 + cos 30 deg) / 2 = 0.24 x (1 + sqrt(3) / 2) / 2; step 40 = 1 / 3 on: 0.24 x 3 / 4;
    step 70 = 2 / 3: 0.24 / 4.
    """
    run = Run.of(temperature=0.1, learning_rate=0.12, batch_size=512, warmup=0.1)
    curve = [learning_rate(run, step, 100) for step in range(100)]
    named = {0: 0.024, 4: 0.12, 8: 0.216, 9: 0.24, 10: 0.24, 25: 0.12 * (1 + 3**0.5 / 2), 40: 0.18, 55: 0.12, 70: 0.06}
    assert {step: curve[step] for step in named} == pytest.approx(named, rel=1e-12)
    assert max(curve) == 0.24
    assert 0 < curve[99] < 0.24 * 3.1e-4  # (1 - cos(2 deg)) / 2 = 3.05e-4
    assert curve[:9] == sorted(curve[:9])
    assert curve[10:] == sorted(curve[10:], reverse=True)


@pytest.mark.parametrize(("warmup", "steps", "expected"), [
    (0.0, 2, [0.12, 0.06]),  # no warm-up: cos 0, cos 90 degrees
    (0.1, 10, [0.12, 0.12]),  # the warm-up is one step, which is already the peak
    (0.25, 10, [0.048, 0.096, 0.12]),  # 2.5 steps of warm-up: the third is beyond it
    (1.0, 2, [0.06, 0.12]),  # nothing but warm-up
])  # fmt: skip
def test_learning_rate_of_few_steps(warmup: float, steps: int, expected: list[float]) -> None:
    run = Run.of(temperature=0.1, learning_rate=0.12, batch_size=256, warmup=warmup)
    assert [learning_rate(run, step, steps) for step in range(len(expected))] == pytest.approx(expected)


def test_a_constant_schedule_stays_at_the_peak() -> None:
    run = Run.of(temperature=0.1, learning_rate=0.12, batch_size=512, warmup=0.2, schedule="constant")
    assert [learning_rate(run, step, 10) for step in range(10)] == pytest.approx([0.12, *[0.24] * 9])


def test_adam_takes_its_rate_as_it_is() -> None:
    """Its first update is the rate times the sign of the gradient, whatever the batch: 0.001 in every weight."""
    run = tiny(optimizer="adam", learning_rate=1e-3, warmup=0.0, schedule="constant", weight_decay=0.0)
    training = prepare(run, MACHINE)
    before = [p.detach().clone() for p in training.method.parameters()]
    training.method.train()
    train.train_step(training, next(batches(training)), 0)
    moved = torch.cat([(p - b).abs().flatten() for p, b in zip(training.method.parameters(), before, strict=True)])
    assert moved.max().item() == pytest.approx(1e-3, rel=1e-3)
    assert moved.median().item() == pytest.approx(1e-3, rel=1e-2)


def test_a_method_gets_the_pieces_that_it_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.py").write_text("def mine(generator, encoder):\n    return generator, encoder\n")
    (tmp_path / "worse.py").write_text("def worse(encoder, generatr):\n    return encoder\n")
    generator, encoder = build(Run.of(method="mine.py:mine"))
    assert isinstance(generator, torch.Generator)
    assert isinstance(encoder, Encoder)
    with pytest.raises(InputError, match="wants a piece 'generatr'; did you mean generator?"):
        build(Run.of(method="worse.py:worse"))


def test_learning_rate_reaches_the_optimizer() -> None:
    run, used = tiny(warmup=0.5), []
    training = prepare(run, MACHINE)
    fit(training, tick=lambda step: used.append(training.optimizer.param_groups[0]["lr"]))
    assert used == [learning_rate(run, step, 6) for step in range(6)]


def test_a_predictor_keeps_the_peak_rate() -> None:
    """Two groups: what the schedule moves, and the predictor, at the peak from first to last step."""
    run, used = run_of("simsiam", warmup=0.5, learning_rate=0.1, batch_size=32), []
    training = prepare(run, MACHINE)
    scheduled, constant = training.optimizer.param_groups
    assert {id(p) for p in constant["params"]} == {id(p) for p in training.method.predictor.parameters()}
    assert {id(p) for p in scheduled["params"]} == {id(p) for p in training.method.encoder.parameters()}
    fit(training, tick=lambda step: used.append([group["lr"] for group in training.optimizer.param_groups]))
    assert used == [[learning_rate(run, step, 6), 0.1 * 32 / 256] for step in range(6)]


def test_without_such_parameters_there_is_one_group() -> None:
    assert len(prepare(tiny(), MACHINE).optimizer.param_groups) == 1


def test_recorders_see_the_whole_set_after_each_epoch() -> None:
    """Clean, in its own order, in evaluation mode and without gradient; then training goes on."""
    training, seen = prepare(run_of("simsiam"), MACHINE), []

    def look(step: int, method: Any, images: Any) -> None:
        seen.append((step, method.training, torch.is_grad_enabled(), torch.cat(list(images))))

    training.recorders["geometry"].end_of_epoch = look
    fit(training)
    assert [each[:3] for each in seen] == [(3, False, False), (6, False, False)]
    expected = views.clean(training.images.images, size=16)
    assert all(torch.equal(each[3], expected) for each in seen)
    assert training.method.training


def test_geometry_of_batches_and_of_the_whole_set() -> None:
    table = run_tables(trained(run_of("simsiam", measures="collapse")))
    geometry, collapse = table["geometry"], table["collapse"]
    assert geometry["step"] == [0, 2, 3, 4, 6]
    assert geometry["images"] == [32, 32, 96, 32, 96]
    assert collapse["steps"] == [6]
    assert collapse["p_spread"][0] == collapse["p_spread"][0]


# --- what training does


def test_one_small_batch_is_overfit() -> None:
    """16 images, always in the same two views: InfoNCE at T = 0.1 falls from about log 16 = 2.8 under 0.01."""
    training = prepare(tiny(images=16, batch_size=16, width=8, epochs=80, warmup=0.0, learning_rate=1.0), MACHINE)
    training.method.train()
    batch = next(batches(training))
    losses = [train.train_step(training, batch, step).loss.item() for step in range(80)]
    assert losses[0] > 2
    assert losses[-1] < 0.01


def test_views_change_from_epoch_to_epoch() -> None:
    training = prepare(tiny(images=32), MACHINE)
    seen = []
    for training.epoch in (0, 1):
        (batch,) = batches(training)
        seen.append(batch.views[0][batch.index.argsort()])
    assert not torch.equal(*seen)


def test_recorders_write_every_so_many_steps() -> None:
    tables = run_tables(trained(tiny(record_every=4)))
    assert tables["scores"]["step"] == [0, 4]
    assert tables["hardness"]["step"] == [0, 0, 4, 4]
    assert tables["loss"]["epoch"] == [1, 2]


def test_loss_table_is_the_mean_of_each_epoch() -> None:
    training = trained(tiny())
    expected = [sum(training.losses[:3]) / 3, sum(training.losses[3:]) / 3]
    assert run_tables(training)["loss"]["loss"] == expected


def test_calls_after_steps_and_epochs() -> None:
    ticks, saves = [], []
    trained(tiny(), tick=ticks.append, save=lambda training: saves.append(training.epoch))
    assert ticks == [1, 2, 3, 4, 5, 6]
    assert saves == [1, 2]


# --- the first steps again


@pytest.mark.parametrize(("images", "epochs"), [(64, 6), (96, 2), (320, 1)])
def test_first_losses_are_those_of_the_run(images: int, epochs: int) -> None:
    """2, 3 and 10 steps an epoch: eight steps may take several epochs, and a run may have fewer."""
    run = tiny(images=images, epochs=epochs)
    whole = trained(run).losses
    assert first_losses(run, MACHINE, None) == whole[:8]
    assert len(whole[:8]) == min(8, epochs * (images // 32))


def test_first_losses_with_a_queue() -> None:
    run = run_of("mocov2", epochs=3)
    assert first_losses(run, MACHINE, None) == trained(run).losses[:8]


# --- where it cannot go on


def test_loss_that_is_no_number_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rate of the fifth step (number 4) is enormous, so the loss of number 5, in epoch 2, is first to be NaN."""
    ordinary = optimizer.learning_rate
    monkeypatch.setattr(
        optimizer, "learning_rate", lambda run, step, steps: 1e30 if step == 4 else ordinary(run, step, steps)
    )
    training, saves = prepare(tiny(), MACHINE), []
    with pytest.raises(RunFailed, match=r"simco.* became nan at step 5; .* after epoch 1$") as failed:
        fit(training, save=lambda one: saves.append(one.epoch))
    assert "\n" not in str(failed.value)
    assert saves == [1]
    assert (training.epoch, len(training.losses)) == (1, 3)


def test_deadline_ends_between_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that shows one more second at each step; 4 seconds are over after the fifth."""
    clock = iter(range(1, 100))
    monkeypatch.setattr(train, "time", SimpleNamespace(time=lambda: next(clock), perf_counter=time.perf_counter))
    ticks: list[int] = []
    training = prepare(tiny(), MACHINE)
    with pytest.raises(TimeoutError, match="in epoch 2"):
        fit(training, tick=ticks.append, deadline=4.0)
    assert ticks == [1, 2, 3, 4, 5]
    assert training.epoch == 1


NOSY = """
class Nosy:
    needs = ("positive", "gradient", "weather")
    rows = None

    def __init__(self, *, often: int = 1) -> None:
        raise_if_used = often

    def after_backward(self, step, output, method): ...
"""


def test_recorder_that_needs_what_the_method_lacks(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(NOSY)
    training = prepare(tiny(recorders=f"{tmp_path}/mine.py:nosy"), MACHINE)
    before = training.method.state_dict()
    with pytest.raises(
        InputError, match="needs gradient, weather, which method 'simco' does not have; it has positive"
    ):
        fit(training)
    assert_same_bits(dict(before), dict(training.method.state_dict()))


def test_batch_larger_than_the_set() -> None:
    with pytest.raises(InputError, match="batch_size is 97.*96 images.*try 96"):
        prepare(tiny(batch_size=97), MACHINE)


# --- another precision, another device


def test_bf16_is_near_fp32() -> None:
    one = first_losses(tiny(), MACHINE, None)
    other = first_losses(tiny(), Machine("cpu", "bf16", 1), None)
    assert one != other
    assert other == pytest.approx(one, rel=3e-2)


@pytest.mark.gpu
@pytest.mark.parametrize("method", METHODS)
def test_gpu_sees_the_same_crops(method: str) -> None:
    run = run_of(method)
    here, there = (first_losses(run, Machine(device, "fp32", 1), None) for device in ("cpu", "cuda"))
    # TF32 is off by default for products, on for convolutions: their 10 bits of mantissa, over six steps.
    assert there[:1] == pytest.approx(here[:1], rel=1e-3, abs=1e-9)  # the first of the moving average is 0, and noise
    assert there == pytest.approx(here, rel=3e-2, abs=1e-9)


def test_a_step_is_timed() -> None:
    assert 0 < step_seconds(tiny(), MACHINE, None) < 60
    assert 0 < step_seconds(tiny(images=32, epochs=1), MACHINE, None) <= 60  # a single step: a guess
