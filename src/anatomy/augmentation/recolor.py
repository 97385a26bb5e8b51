"""The color operations of views, each image's own in its own order: one after another, or as one matrix an image."""

from itertools import pairwise
from math import tau

import torch
from jaxtyping import Float
from torch import Tensor

from anatomy.augmentation.color import LUMA, OPERATIONS, luma
from anatomy.augmentation.parameters import Matrices, Operations, Parameters

# Chroma of NTSC's YIQ: two axes, in whose plane a turn of the hue is a rotation. A gray has none.
CHROMA = ((0.5959, -0.2746, -0.3213), (0.2115, -0.5227, 0.3112))


def recolored(views: Float[Tensor, "N 3 S S"], drawn: Parameters) -> Float[Tensor, "N 3 S S"]:
    """Views in [0, 1], on their device, with the colors that were drawn for them; what is given may be changed."""
    if isinstance(drawn, Matrices):
        return by_matrix(views, drawn)
    return (all_at_once if views.device.type == "cuda" else in_rows)(views, drawn)


def in_rows(views: Tensor, drawn: Operations) -> Tensor:
    """Color operations and gray, on the processor: each operation meets the images whose turn it is. They are sorted by
    it, so that it finds them in one piece: to copy them out and back took as long as to change them."""
    turn, images = drawn.order.sort(0)  # [N, stages]
    at, factors = images.argsort(0), drawn.factors[images]
    starts = torch.searchsorted(turn.T.contiguous(), torch.arange(len(OPERATIONS) + 1).repeat(turn.shape[1], 1))
    for stage, bounds in enumerate(starts.tolist()):
        views = views.index_select(0, at[images[:, stage], stage - 1] if stage else images[:, stage])
        for operation, (start, end) in enumerate(pairwise(bounds)):
            OPERATIONS[operation](views[start:end], factors[start:end, stage, operation, None, None])
    views = views.index_select(0, at[:, -1])
    gray = drawn.gray.nonzero().squeeze(1)
    return views.index_copy_(0, gray, luma(views.index_select(0, gray))[:, None].expand(-1, 3, -1, -1))


def all_at_once(views: Tensor, drawn: Operations) -> Tensor:
    """The same on a card: each operation meets all images and is kept where it was their turn. To know which these are,
    a card would have to be waited for; and here launches cost more than work."""
    for stage in drawn.order.unbind(1):
        for operation, change in enumerate(OPERATIONS):
            changed = views.clone()
            change(changed, drawn.factors[:, operation, None, None])
            views = changed.where((stage == operation)[:, None, None, None], views)
    return luma(views)[:, None].where(drawn.gray[:, None, None, None], views)


def by_matrix(views: Tensor, drawn: Matrices) -> Tensor:
    """One product an image: no operation is a pass over the pixels, and values are cut to [0, 1] once, at the end."""
    lift = drawn.lift[:, None, None] * luma(views.mean((2, 3), keepdim=True))  # [N, 1, 1]
    with torch.autocast(views.device.type, enabled=False):  # it would round the pixels to 8 bits
        return torch.baddbmm(lift, drawn.matrix, views.flatten(2)).view_as(views).clamp_(0, 1)


def in_one_matrix(drawn: Operations) -> Matrices:
    """All operations of an image as one map.

    Without cuts on the way their order does not matter: brightness and contrast scale a color, saturation its chroma,
    hue turns the chroma, and contrast adds one gray, whether that is made brighter afterwards or its mean was before.
    """
    happens = (drawn.order[:, :, None] == torch.arange(len(OPERATIONS))).any(1)
    factors = drawn.factors.where(happens, torch.tensor((1.0, 1.0, 1.0, 0.0)))
    brightness, contrast, saturation, turns = factors[..., None, None].unbind(1)  # [N, 1, 1] each
    saturation = saturation * ~drawn.gray[:, None, None]
    gray, chroma, quarter = hue_parts()
    turned = (tau * turns).cos() * chroma + (tau * turns).sin() * quarter
    matrix = brightness * contrast * (gray + saturation * turned)
    return Matrices(drawn.box, drawn.flip, matrix, (brightness * (1 - contrast)).flatten())


def hue_parts() -> tuple[Tensor, Tensor, Tensor]:
    """Of a color in YIQ [3, 3]: its luma, its chroma, and its chroma turned by a quarter from red towards green, which
    in YIQ is clockwise; each as a color again."""
    yiq = torch.tensor((LUMA, *CHROMA))
    back, clockwise = torch.linalg.inv(yiq), torch.tensor(((0.0, 1.0), (-1.0, 0.0)))
    return back[:, :1] @ yiq[:1], back[:, 1:] @ yiq[1:], back[:, 1:] @ clockwise @ yiq[1:]
