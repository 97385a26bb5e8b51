"""MoCo's own options: older keys, a second dictionary, no queue."""

from dataclasses import replace
from math import inf

import pytest
import torch
from torch import Tensor

import reference
from anatomy.errors import InputError
from anatomy.methods.moco import MoCo
from anatomy.runs import parts
from anatomy.similarity import Against, log_sum_exp
from anatomy.transforms.shrunk_negatives import shrunk_negatives
from reference import array, assert_close


def test_the_defaults_are_the_papers() -> None:
    known = parts.signature("method", "moco")
    assert {name: option.default for name, option in known.items()} == {
        "momentum": 0.999,
        "queue_size": 65536,
        "symmetric": False,
        "detach_keys": True,
        "both_views": False,
        "queue_skip": 0,
        "skip_from": 0,
        "queue_size_inter": None,
        "exclude_own": False,
        "transform_from": 0,
        "oracle": False,
    }


def test_skipped_keys_are_older_negatives_at_the_same_number(tools) -> None:
    """With 4 images a step and 4 keys skipped, step i sees the keys of step i - 2."""
    method = tools.build("moco", queue_size=4, queue_skip=4, momentum=0.9)
    outputs = [tools.train(method, tools.batch(4, i)) for i in range(4)]
    for i in (2, 3):
        seen, made = outputs[i].watch["negatives"].keys, outputs[i - 2].watch["z_2"]
        assert sorted(seen.tolist()) == sorted(made.tolist())


def test_keys_are_skipped_from_an_epoch_on(tools) -> None:
    """Before it the newest are the negatives, as without; then those of a step earlier."""
    method = tools.build("moco", queue_size=4, queue_skip=4, skip_from=1, momentum=0.9)
    outputs = [tools.train(method, replace(tools.batch(4, i), epoch=i // 2)) for i in range(4)]
    for i, back in ((1, 1), (2, 2), (3, 2)):
        seen, made = outputs[i].watch["negatives"].keys, outputs[i - back].watch["z_2"]
        assert sorted(seen.tolist()) == sorted(made.tolist())


@pytest.mark.parametrize("exclude", [False, True])
def test_older_keys_of_the_own_image_are_no_negatives(tools, exclude: bool) -> None:
    """A batch of the same images again: each anchor's own older key leaves its sum, or stays."""
    method = tools.build("moco", queue_size=8, momentum=0.9, exclude_own=exclude)
    first = tools.train(method, tools.batch(4, 0)).watch["z_2"]
    random = method.queue.keys[4:].clone()
    batch = tools.batch(4, 1)
    output = method(batch)
    q, positive = output.watch["z_1"], output.watch["positive"]
    for i in range(4):
        others = [j for j in range(4) if not (exclude and j == i)]
        keys = torch.cat((first[others], random))
        expected = reference.info_nce(array(positive[i : i + 1]), array(q[i : i + 1] @ keys.T), 0.2)
        own = log_sum_exp(output.watch["negatives"], 0.2)[i] - positive[i] / 0.2
        assert_close((1 + own.exp()).log(), expected[0])
    assert output.loss.isfinite()


def test_own_keys_are_left_out_of_the_second_dictionary_too(tools) -> None:
    """Non-regression: the weights' dictionary still held them. Same 4 images again: 3 + 4 random keys are left."""
    seen: list[Tensor] = []

    def loss(positive, negatives, *, negatives_inter):
        seen.append(log_sum_exp(negatives_inter, inf).exp())  # how many there are
        return positive

    options = {"queue_size": 4, "queue_size_inter": 8, "momentum": 0.9, "exclude_own": True}
    method = tools.build("moco", **options, loss=loss)
    for i in range(2):
        tools.train(method, tools.batch(4, i))
    assert_close(seen[0], [8] * 4)
    assert_close(seen[1], [7] * 4)


def test_two_dictionaries_of_one_queue(tools) -> None:
    """Directions from the newest 4 keys, weights from the newest 8: the loss gets both, the second detached."""
    given: list[Against] = []

    def loss(positive, negatives, *, negatives_inter):
        # Copies: the queue itself goes on after the step.
        given.extend(Against(part.anchor, part.keys.clone()) for part in (negatives, negatives_inter))
        bound = parts.load("loss", "dual_temperature")
        temperatures = {"temperature_intra": 0.2, "temperature_inter": 0.2}
        return bound(positive, negatives, **temperatures, negatives_inter=negatives_inter)

    method = tools.build("moco", queue_size=4, queue_size_inter=8, momentum=0.9, loss=loss)
    keys = [tools.train(method, tools.batch(4, i)).watch["z_2"] for i in range(3)]
    few, many = given[-2:]
    assert sorted(few.keys.tolist()) == sorted(keys[1].tolist())
    assert sorted(many.keys.tolist()) == sorted(torch.cat(keys[:2]).tolist())
    assert few.anchor.requires_grad
    assert not many.anchor.requires_grad


def test_a_queue_without_a_momentum_encoder(tools) -> None:
    """The end-to-end encoder with old keys: no copy, keys of its own, detached."""
    method = tools.build("moco", momentum=None, queue_size=10)
    assert method.momentum_encoder is None
    gradients = tools.view_gradients(method, tools.batch(4))
    assert gradients[1] is None
    tools.train(method, tools.batch(4))
    assert method.queue.position == 4


def test_no_queue_is_no_module(tools) -> None:
    method = tools.build("moco", queue_size=0, momentum=0.9)
    assert isinstance(method, MoCo)
    assert method.queue is None
    assert not [name for name in method.state_dict() if "queue" in name]
    assert method(tools.batch(6)).watch["negatives"].shape == (6, 5)


@pytest.mark.parametrize(("options", "said"), [
    ({"queue_size": 0, "queue_skip": 2}, "need a queue, but queue_size is 0"),
    ({"queue_size": 0, "exclude_own": True}, "need a queue, but queue_size is 0"),
    ({"queue_size": 0, "transform": shrunk_negatives}, "a transform need a queue, but queue_size is 0"),
    ({"queue_size": 4, "queue_size_inter": 8}, "queue_size_inter is 8, but the loss has one dictionary; try dual_temp"),
])  # fmt: skip
def test_options_that_would_do_nothing_are_rejected(tools, options: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        tools.build("moco", **options)
