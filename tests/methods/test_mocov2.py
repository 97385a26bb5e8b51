"""MoCo v2's options; what it shares with its family is tested in test_moco*.py."""

from functools import partial

from anatomy.losses.dual_temperature import dual_temperature
from anatomy.runs import parts


def test_dials(tools) -> None:
    method = tools.build("mocov2", queue_size=12)
    assert (method.momentum, len(method.queue.keys)) == (0.999, 12)
    assert (method.symmetric, method.both_views) == (False, False)
    assert method.momentum_encoder is not None


def test_defaults_are_those_of_the_authors_code() -> None:
    options = parts.signature("method", "mocov2")
    defaults = {name: option.default for name, option in options.items()}
    papers = {"momentum": 0.999, "queue_size": 65536, "symmetric": False}
    ours = {"queue_skip": 0, "skip_from": 0, "queue_size_inter": None, "exclude_own": False, "transform_from": 0}  # off
    assert defaults == papers | ours


def test_its_options_reach_the_dials(tools) -> None:
    options = {"queue_size": 7, "momentum": 0.5, "symmetric": True, "queue_skip": 3, "exclude_own": True}
    loss = partial(dual_temperature, temperature_intra=0.2, temperature_inter=0.2)  # it takes two dictionaries
    method = tools.build("mocov2", **options, queue_size_inter=12, transform_from=2, loss=loss)
    assert options == {name: getattr(method, name) for name in options}
    assert method.queue_size_inter == len(method.queue.keys) == 12
    assert method.transform_from == 2


def test_negatives_are_the_queue(tools) -> None:
    method = tools.build("mocov2", queue_size=12)
    assert method(tools.batch(4)).watch["negatives"].keys.shape == (12, 4)
