"""SimMoCo's options: MoCo without the dictionary."""

import pytest

import reference
from anatomy.runs import parts
from reference import array


def test_dials(tools) -> None:
    method = tools.build("simmoco")
    assert (method.momentum, method.symmetric, method.both_views) == (0.99, False, False)
    assert method.queue is None
    assert method.momentum_encoder is not None


def test_defaults_are_those_of_the_authors_scripts() -> None:
    options = parts.signature("method", "simmoco")
    defaults = {name: option.default for name, option in options.items()}
    assert defaults == {"momentum": 0.99, "symmetric": False}


def test_its_options_reach_the_dials(tools) -> None:
    method = tools.build("simmoco", momentum=0.5, symmetric=True)
    assert (method.momentum, method.symmetric) == (0.5, True)


def test_negatives_are_the_other_images_keys(tools) -> None:
    """K = N - 1, of the momentum encoder, which here has moved away from the encoder."""
    method = tools.build("simmoco")
    tools.train(method, tools.batch(6, 1), rate=5.0)
    batch = tools.batch(6)
    z_1, z_2 = method.encoder(batch.views[0]), method.momentum_encoder(batch.views[1])
    positive, negatives = reference.in_batch(array(z_1), array(z_2))
    expected = reference.info_nce(positive, negatives, 0.2).mean()
    output = method(batch)
    assert output.watch["negatives"].shape == (6, 5)
    assert output.loss.item() == pytest.approx(expected, rel=1e-10)
