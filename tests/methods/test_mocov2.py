"""MoCo v2's dials; what it shares with its family is tested in test_moco.py."""

from anatomy import parts


def test_dials(tools) -> None:
    method = tools.build("mocov2", queue_size=12)
    assert (method.momentum, len(method.queue.keys)) == (0.999, 12)
    assert (method.symmetric, method.both_views) == (False, False)
    assert method.momentum_encoder is not None


def test_defaults_are_those_of_the_authors_code() -> None:
    options = parts.signature("method", "mocov2")
    defaults = {name: option.default for name, option in options.items()}
    assert defaults == {"momentum": 0.999, "queue_size": 65536, "symmetric": False}


def test_its_options_reach_the_dials(tools) -> None:
    method = tools.build("mocov2", queue_size=7, momentum=0.5, symmetric=True)
    assert (method.momentum, len(method.queue.keys), method.symmetric) == (0.5, 7, True)


def test_negatives_are_the_queue(tools) -> None:
    method = tools.build("mocov2", queue_size=12)
    assert method(tools.batch(4)).watch["negatives"].keys.shape == (12, 4)
