"""The batches of an epoch: which images, in which order, and their views, made where the images are."""

from collections.abc import Iterator

import torch

from anatomy.augmentation import views
from anatomy.hardware.device import move
from anatomy.step import Batch
from anatomy.training.network import GLOBAL_GENERATOR, bound_part
from anatomy.training.state import Training
from anatomy.training.streams import seed_of, stream

# Views are made for some batches at once: of 32 images, they cost a processor twice as much each as of 256, and a card
# hundreds of small launches. Of more images, a processor's caches hold too few.
IMAGES, BATCHES = 256, 16  # on a processor; on a card


def batches(training: Training) -> Iterator[Batch]:
    """The batches of the current epoch; order and views are drawn at its start, for all images at once."""
    run, images, epoch = training.run, training.images, training.epoch
    with GLOBAL_GENERATOR:
        torch.manual_seed(seed_of(run.seed, "torch", epoch))  # dropout and its like draw from torch's own generator
    count, _, height, width = images.images.shape
    device = images.images.device
    order = torch.randperm(count, generator=stream(run.seed, "order", epoch))
    draw = bound_part("views", run.views)
    drawn = [
        draw(count, height, width, stream(run.seed, f"view {view}", epoch)).to(device)
        for view in range(training.method.views)
    ]
    chance = stream(run.seed, "step", epoch)
    used = move(order[: training.steps_per_epoch * run.batch_size], device)
    ahead = BATCHES if device.type == "cuda" else max(1, IMAGES // run.batch_size)
    for index in used.split(run.batch_size * ahead):
        pixels = images.images[index]
        seen = (views.apply(pixels, parameters[index], size=run.size) for parameters in drawn)
        views_seen = [view.contiguous(memory_format=torch.channels_last) for view in seen]
        rows = (part.split(run.batch_size) for part in (index, images.labels[index], *views_seen))
        for of_batch, labels, *its_views in zip(*rows, strict=True):
            yield Batch(tuple(its_views), labels, of_batch, epoch, chance)
