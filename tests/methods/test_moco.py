"""The MoCo family's graph, its momentum encoder and its queue: what flows where, and when.

What all methods share stands first, in one table; each method's own file tests its options.
"""

from collections import deque
from copy import deepcopy

import pytest
import torch
from torch import Tensor

import reference
from anatomy.data.image_set import ImageSet
from anatomy.hardware.machine import Machine
from anatomy.methods.moco import Queue, move_towards
from anatomy.runs import parts
from anatomy.runs.config import Run
from anatomy.similarity import unit
from anatomy.step import Method
from anatomy.training.state import Training
from anatomy.training.train import train_step
from reference import array, assert_close

FAMILY = {  # small enough for a test: a queue of 10, N = 6
    "moco": {"queue_size": 10, "momentum": 0.9},
    "mocov2": {"queue_size": 10, "momentum": 0.9},
    "simmoco": {"momentum": 0.9},
    "simco": {},
    "simclr": {},
}
ONE_SIDED = {"moco", "mocov2", "simmoco"}
LOSSES = {
    "info_nce": {"temperature": 0.2},
    "decoupled": {"temperature": 0.2},
    "dual_temperature": {"temperature_intra": 0.2, "temperature_inter": 2.0},
    "decoupled_weighted": {"temperature": 0.2},
    "debiased": {"temperature": 0.2},
    "hard_negatives": {"temperature": 0.2},
    "cacr": {"temperature": 0.5},
    "align_uniform": {"temperature": 0.25},
    "spectral": {},
}
OF_MORE = {"multi_view", "multi_head", "hallucinator"}  # more views, heads or positives: files of their own


def test_every_method_and_loss_stands_in_the_table() -> None:
    with_loss = {name for name in parts.names("method") if "loss" in parts.wants("method", name)}
    assert set(FAMILY) == with_loss - OF_MORE
    assert set(LOSSES) == set(parts.names("loss"))


# --- what every method keeps


@pytest.mark.parametrize("name", FAMILY)
def test_it_is_a_method(tools, name: str) -> None:
    method = tools.build(name, **FAMILY[name])
    assert isinstance(method, Method)
    assert method.views == 2


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", FAMILY)
def test_every_loss_works_with_every_method(tools, name: str, loss: str) -> None:
    bound = parts.load("loss", loss)

    def whole(positive, negatives):
        return bound(positive, negatives, **LOSSES[loss])

    method = tools.build(name, loss=whole, **FAMILY[name])
    losses = [tools.train(method, tools.batch(6, i)).loss.item() for i in range(4)]
    assert len(set(losses)) == 4
    assert torch.tensor(losses).isfinite().all()


@pytest.mark.parametrize("name", FAMILY)
def test_what_is_watched(tools, name: str) -> None:
    """The vocabulary's words, cut from the graph; unit embeddings; the similarities made of them."""
    watch = tools.build(name, **FAMILY[name])(tools.batch(6)).watch
    with_queue = {"queue", "queue_index"} if "queue_size" in FAMILY[name] else set()
    assert set(watch) == {"positive", "negatives", "z_1", "z_2", "index"} | with_queue
    negatives = watch["negatives"]
    for part in negatives if isinstance(negatives, tuple) else (negatives,):
        dense = part if isinstance(part, Tensor) else part.anchor @ part.keys.T
        assert not dense.requires_grad
    for word in ("positive", "z_1", "z_2"):
        assert not watch[word].requires_grad
    for word in ("z_1", "z_2"):
        assert_close(watch[word].norm(dim=1), torch.ones(6))
    assert_close(watch["positive"], (watch["z_1"] * watch["z_2"]).sum(1))


@pytest.mark.parametrize("name", FAMILY)
def test_scaling_raw_embeddings_changes_nothing(tools, name: str) -> None:
    """`unit` stands right after the encoder: without it a longer embedding is a lower temperature."""
    method = tools.build(name, **FAMILY[name])
    before = method(tools.batch(6)).loss.item()
    with torch.no_grad():
        for encoder in (method.encoder, method.momentum_encoder):
            for weight in encoder.projector.parameters() if encoder is not None else ():
                weight *= 3
    assert method(tools.batch(6)).loss.item() == pytest.approx(before, rel=1e-10)


@pytest.mark.parametrize("name", FAMILY)
def test_swapping_the_views(tools, name: str) -> None:
    """Equal where both views are anchors; a one-sided loss is another number."""
    method, batch = tools.build(name, **FAMILY[name]), tools.batch(6)
    swapped = type(batch)(batch.views[::-1], batch.labels, batch.index)
    once, again = method(batch).loss.item(), method(swapped).loss.item()
    assert (once == pytest.approx(again, rel=1e-10)) is (name not in ONE_SIDED)


@pytest.mark.parametrize("name", sorted(FAMILY.keys() - {"simclr"}))
def test_symmetric_is_the_mean_of_both_sides(tools, name: str) -> None:
    batch = tools.batch(6)
    swapped = type(batch)(batch.views[::-1], batch.labels, batch.index)
    one = tools.build(name, **FAMILY[name], symmetric=False)
    both = tools.build(name, **FAMILY[name], symmetric=True)
    mean = (one(batch).loss + one(swapped).loss) / 2
    assert both(batch).loss.item() == pytest.approx(mean.item(), rel=1e-10)
    average = (tools.weight_gradient(one, batch) + tools.weight_gradient(one, swapped)) / 2
    assert_close(tools.weight_gradient(both, batch), average)


@pytest.mark.parametrize("name", FAMILY)
def test_a_state_goes_on_where_it_was(tools, name: str) -> None:
    """Weights, momentum encoder, queue and its position: the next losses are the same bits."""
    method = tools.build(name, norm=True, **FAMILY[name])
    for i in range(3):
        tools.train(method, tools.batch(4, i))
    state = deepcopy(method.state_dict())
    other = tools.build(name, seed=1, norm=True, **FAMILY[name])
    other.load_state_dict(state)
    if method.queue is not None:
        assert {"queue.keys", "queue.position"} <= set(state)
        assert other.queue.position.item() == 12 % 10
        assert torch.equal(other.queue.keys, method.queue.keys)
    for i in range(3, 6):
        pair = [tools.train(m, tools.batch(4, i)).loss.item() for m in (method, other)]
        assert pair[0] == pair[1]


@pytest.mark.parametrize("name", FAMILY)
def test_equal_seeds_give_equal_methods(tools, name: str) -> None:
    one, same, other = (tools.build(name, seed=s, **FAMILY[name]) for s in (3, 3, 4))
    losses = [method(tools.batch(6)).loss.item() for method in (one, same, other)]
    assert losses[0] == losses[1]
    assert losses[0] != losses[2]


# --- the momentum encoder

WITH_MOMENTUM = sorted(ONE_SIDED)


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("name", WITH_MOMENTUM)
def test_no_gradient_reaches_key_momentum_encoder_or_queue(tools, name, symmetric) -> None:
    method = tools.build(name, **FAMILY[name], symmetric=symmetric)
    gradients = tools.view_gradients(method, tools.batch(6))
    assert gradients[0].any()
    assert (gradients[1] is not None) is symmetric  # view 2 is a query only in the second term
    assert all(not p.requires_grad and p.grad is None for p in method.momentum_encoder.parameters())
    assert all(p.grad is not None for p in method.encoder.parameters())
    assert method.queue is None or not method.queue.keys.requires_grad


@pytest.mark.parametrize("name", WITH_MOMENTUM)
def test_keys_and_queries_start_with_equal_weights(tools, name: str) -> None:
    """A copy, as in the authors' code; but a copy of its own."""
    method = tools.build(name, **FAMILY[name])
    pairs = list(zip(method.momentum_encoder.parameters(), method.encoder.parameters(), strict=True))
    assert len(pairs) == 4
    for slow, fast in pairs:
        assert torch.equal(slow, fast)
        assert slow.data_ptr() != fast.data_ptr()


@pytest.mark.parametrize("momentum", [0.0, 0.25, 0.5, 0.9, 0.999, 1.0])
def test_the_momentum_encoder_keeps_its_share(tools, momentum: float) -> None:
    """slow = m x slow + (1 - m) x fast, with the weights after the optimizer's step."""
    method = tools.build("simmoco", momentum=momentum)
    for i in range(3):
        old = [p.clone() for p in method.momentum_encoder.parameters()]
        tools.train(method, tools.batch(6, i))
        new = [p.detach() for p in method.encoder.parameters()]
        after = method.momentum_encoder.parameters()
        for slow, before, fast in zip(after, old, new, strict=True):
            assert_close(slow, momentum * before + (1 - momentum) * fast)
    moved = [not torch.equal(a, b) for a, b in zip(old, new, strict=True)]
    assert any(moved)


def test_the_trainer_moves_it_after_the_optimizer(tools) -> None:
    """Towards the weights of this step, not of the last: Algorithm 1's order."""
    method = tools.build("simmoco", momentum=0.5)
    images = ImageSet(torch.zeros(6, 3, 4, 4, dtype=torch.uint8), torch.zeros(6, dtype=torch.int64))
    optimizer = torch.optim.SGD(method.encoder.parameters(), lr=0.1)
    run = Run.of(method="simmoco", temperature=0.2, batch_size=6, learning_rate=10.0)
    training = Training(run, Machine("cpu", "fp32"), images, images, method, optimizer, {})
    old = [p.detach().clone() for p in method.encoder.parameters()]  # of both: they start equal
    train_step(training, tools.batch(6), 0)
    new = [p.detach() for p in method.encoder.parameters()]
    assert not torch.equal(old[0], new[0])
    for slow, before, fast in zip(method.momentum_encoder.parameters(), old, new, strict=True):
        assert_close(slow, (before + fast) / 2)


def test_moving_leaves_the_fast_one_and_the_statistics_alone(tools) -> None:
    slow, fast = (tools.encoder(seed, norm=True) for seed in (0, 1))
    kept, running = deepcopy(fast.state_dict()), slow.backbone[2].running_mean
    running += 5
    move_towards(slow, fast, 0.5)
    assert all(torch.equal(fast.state_dict()[name], kept[name]) for name in kept)
    assert (running == 5).all()


def test_keys_are_made_before_the_encoders_move(tools) -> None:
    """Step 1: equal weights, so a view against itself is found: every positive is 1."""
    method, batch = tools.build("moco", **FAMILY["moco"]), tools.batch(6)
    same = type(batch)((batch.views[0], batch.views[0]), batch.labels, batch.index)
    assert_close(tools.train(method, same).watch["positive"], torch.ones(6))
    assert (method(same).watch["positive"] < 1 - 1e-6).all()


# --- the queue


def in_order(queue: Queue) -> list[tuple[list[float], int]]:
    """The queue's keys and their images, oldest first."""
    turned = (buffer.roll(-int(queue.position), 0).tolist() for buffer in (queue.keys, queue.index))
    return list(zip(*turned, strict=True))


@pytest.mark.parametrize(
    ("size", "batches"),
    [
        (6, [2, 2, 2, 2]),  # divides K, and wraps around
        (5, [2, 2, 2, 2, 2]),  # does not divide K
        (5, [5, 5]),  # the whole queue
        (5, [3, 7, 1, 12, 4]),  # larger than K: of more than K keys the last K stay
        (1, [1, 3, 2]),
        (4, [0, 1, 0]),
    ],
)
def test_the_queue_is_a_deque(size: int, batches: list[int], generator: torch.Generator) -> None:
    queue = Queue(size, 3, generator)
    expected = deque([(key, -1) for key in queue.keys.tolist()], maxlen=size)
    for count in batches:
        keys = unit(torch.randn(count, 3, generator=generator))
        index = torch.randint(0, 100, (count,), generator=generator)
        queue.enqueue(keys, index)
        expected.extend(zip(keys.tolist(), index.tolist(), strict=True))
        assert in_order(queue) == list(expected)


@pytest.mark.parametrize(("skip", "count"), [(0, 7), (0, 1), (0, 3), (2, 3), (4, 3), (6, 1)])
def test_the_newest_are_a_slice_of_the_deque(skip: int, count: int, generator) -> None:
    """`count` keys after the `skip` newest, at every position of the queue."""
    queue = Queue(7, 3, generator)
    for step in range(8):
        queue.enqueue(unit(torch.randn(2, 3, generator=generator)), torch.tensor([step, 50 + step]))
        newest_first = in_order(queue)[::-1]
        keys, index = queue.newest(skip, count)
        found = zip(keys.tolist(), index.tolist(), strict=True)
        assert sorted(found) == sorted(newest_first[skip : skip + count])


def test_the_queue_starts_with_random_unit_vectors() -> None:
    one, same, other = (Queue(9, 3, torch.Generator().manual_seed(s)).keys for s in (0, 0, 1))
    assert_close(one.norm(dim=1), torch.ones(9))
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
    assert abs(one.mean()) < 0.5


def nearest_current_key(negatives: Tensor, keys: Tensor) -> float:
    return torch.cdist(negatives, keys).min().item()


@pytest.mark.parametrize("symmetric", [False, True])
@pytest.mark.parametrize("name", ["moco", "mocov2"])
def test_the_loss_never_sees_a_current_key(tools, name: str, symmetric: bool) -> None:
    """A key enqueued before the loss would be a negative of its own query: loss >= log 2."""
    seen: list[Tensor] = []
    method = tools.build(name, **FAMILY[name], symmetric=symmetric, loss=tools.spy(seen))
    for i in range(5):
        keys = tools.train(method, tools.batch(4, i)).watch["z_2"]
        for negatives in seen:
            assert nearest_current_key(negatives, keys) > 1e-3
        seen.clear()
        # and now they are there
        assert nearest_current_key(method.queue.keys, keys) < 1e-6


def test_a_recorder_reads_the_queue_of_the_loss(tools) -> None:
    """Until `after_step`, what is watched is what the loss saw."""
    seen: list[Tensor] = []
    method = tools.build("moco", **FAMILY["moco"], loss=tools.spy(seen))
    output = method(tools.batch(4))
    output.loss.backward()
    assert torch.equal(output.watch["negatives"].keys, seen[0])
    assert torch.equal(output.watch["negatives"].anchor, output.watch["z_1"])


def test_algorithm_1_step_by_step(tools) -> None:
    """MoCo's Algorithm 1 with a deque and the loop oracle: the losses of seven steps."""
    method = tools.build("moco", queue_size=10, momentum=0.9)
    method.queue.keys.copy_(unit(method.queue.keys))  # drawn in float32, of length 1 to 1e-7
    keys = deque(method.queue.keys.tolist(), maxlen=10)
    for i in range(7):
        batch = tools.batch(4, i)
        with torch.no_grad():
            q, k = method.encoder(batch.views[0]), method.momentum_encoder(batch.views[1])
        k = k / k.norm(dim=1, keepdim=True)
        positive = [reference.cosine(a, b) for a, b in zip(q.tolist(), k.tolist(), strict=True)]
        negatives = [[reference.cosine(a, b) for b in keys] for a in q.tolist()]
        expected = reference.info_nce(array(positive), array(negatives), 0.2).mean()
        assert tools.train(method, batch).loss.item() == pytest.approx(expected, rel=1e-10)
        keys.extend(k.tolist())
