"""Random resizes: shape, range, and how often."""

import torch

from anatomy.attacks.diverse import diverse, resized


def test_a_share_of_the_steps_is_changed(tools) -> None:
    generator, images = tools.generator(), tools.images(2)
    shown = diverse(generator, share=0.3, ratio=2.0)
    changed = [not torch.equal(shown(images), images) for _ in range(400)]
    assert 0.2 < sum(changed) / 400 < 0.4  # 4.4 standard errors
    assert not any(
        not torch.equal(resized(images, generator=generator, share=0.0, ratio=2.0), images) for _ in range(20)
    )


def test_what_is_shown_is_an_image_of_the_same_size_somewhere_on_black(tools) -> None:
    white = torch.ones(2, 3, 8, 8)
    seen = [resized(white, generator=tools.generator(seed), share=1.0, ratio=2.0) for seed in range(20)]
    assert {image.shape for image in seen} == {white.shape}
    assert all(0 <= image.min() and image.max() <= 1 for image in seen)
    light = [round(image.mean().item(), 2) for image in seen]
    assert min(light) < 0.4 < 0.7 < max(light)  # from 8 of 16 pixels a side to 15


def test_gradients_pass_through(tools) -> None:
    images = tools.images(2).requires_grad_()
    resized(images, generator=tools.generator(), share=1.0, ratio=1.5).sum().backward()
    assert images.grad is not None
    assert images.grad.abs().sum() > 0
