"""The triplet without its negative."""

import pytest
import torch

from anatomy.errors import InputError


def test_without_extra_gradient_it_is_the_naive_loss(tools) -> None:
    batch = tools.batch(6)
    one, other = tools.build("triplet", component="none"), tools.build("naive")
    assert torch.equal(tools.weight_gradient(one, batch), tools.weight_gradient(other, batch))


def test_one_image_has_no_other_to_be_led_away_from(tools) -> None:
    with pytest.raises(InputError, match="it must be 2 or more"):
        tools.weight_gradient(tools.build("triplet"), tools.batch(1))
