"""views.py against torchvision, image by image, on the same drawn parameters."""

from collections.abc import Callable
from dataclasses import fields

import pytest
import torch
from torch import Tensor
from torchvision.transforms import ColorJitter, InterpolationMode, RandomResizedCrop
from torchvision.transforms import functional as F

from anatomy.augmentation import color, recolor, views
from anatomy.augmentation.parameters import Operations, Parameters
from anatomy.errors import InputError
from anatomy.runs import parts

Draw = Callable[..., Parameters]
TOLERANCE = {"atol": 1e-5, "rtol": 0}  # on images in [0, 1]
SIZES = [(32, 32, 32), (32, 32, 16), (48, 40, 32), (20, 28, 32)]  # height, width, size of the view
ADJUST = {  # torchvision's operations in the order of the columns of `factors`
    color.BRIGHTNESS: F.adjust_brightness,
    color.CONTRAST: F.adjust_contrast,
    color.SATURATION: F.adjust_saturation,
    color.HUE: F.adjust_hue,
}
ONLY_CROP = {"jitter_share": 0.0, "gray_share": 0.0, "flip_share": 0.0}


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def pictures(count: int, height: int, width: int) -> Tensor:
    """uint8 noise on gradients; some pixels gray, black, white or with two equal channels."""
    images = torch.randint(0, 256, (count, 3, height, width), generator=seeded(1))
    images[:, :, 0] = images[:, :1, 0]  # a gray row: no hue
    images[:, :, 1] = torch.tensor([0, 255]).repeat(width)[:width]  # black and white
    images[:, 1, 2] = images[:, 0, 2]  # two channels equal: the border of two hue sectors
    images[:, 2, 3] = images[:, 1, 3]
    return images.to(torch.uint8)


def in_unit_range(normalized: Tensor) -> Tensor:
    return normalized * 0.25 + 0.5


def resize_with_torchvision(image: Tensor, box: list[int], size: int) -> Tensor:
    return F.resized_crop(image / 255, *box, [size, size], InterpolationMode.BILINEAR, antialias=True)


def torchvision_view(image: Tensor, parameters: Operations, n: int, size: int) -> Tensor:
    """The recipe as the papers' scripts write it: crop, jitter, gray, flip."""
    view = resize_with_torchvision(image, parameters.box[n].tolist(), size)
    for operation in parameters.order[n].tolist():
        if operation >= 0:
            view = ADJUST[operation](view, parameters.factors[n, operation].item())
    if parameters.gray[n]:
        view = F.rgb_to_grayscale(view, 3)
    return F.hflip(view) if parameters.flip[n] else view


def check_against_torchvision(images: Tensor, parameters: Parameters, size: int) -> None:
    ours = in_unit_range(views.apply(images, parameters, size=size))
    for n, image in enumerate(images):
        torch.testing.assert_close(ours[n], torchvision_view(image, parameters, n, size), **TOLERANCE)


@pytest.mark.parametrize(("height", "width", "size"), SIZES)
def test_crop_and_resize(height: int, width: int, size: int) -> None:
    parameters = views.standard(24, height, width, seeded(), **ONLY_CROP)
    check_against_torchvision(pictures(24, height, width), parameters, size)


@pytest.mark.parametrize(("height", "width", "size"), SIZES)
def test_flip(height: int, width: int, size: int) -> None:
    shares = ONLY_CROP | {"flip_share": 1.0}
    parameters = views.standard(8, height, width, seeded(), **shares)
    assert parameters.flip.all()
    check_against_torchvision(pictures(8, height, width), parameters, size)


@pytest.mark.parametrize("operation", ADJUST)
def test_one_color_operation(operation: int) -> None:
    parameters = views.standard(16, 32, 32, seeded(), jitter=0.8, hue=0.5, **ONLY_CROP)
    parameters.order[:, 2] = operation  # the other three stages stay -1: nothing
    check_against_torchvision(pictures(16, 32, 32), parameters, 32)


def test_two_color_operations_in_either_order() -> None:
    """Brightness clamps, so what follows sees another image: the order matters."""
    images = pictures(8, 32, 32)
    parameters = views.standard(8, 32, 32, seeded(), jitter=0.8, hue=0.5, **ONLY_CROP)
    found = []
    for first, second in ((color.BRIGHTNESS, color.CONTRAST), (color.CONTRAST, color.BRIGHTNESS)):
        parameters.order[:, 0], parameters.order[:, 1] = first, second
        check_against_torchvision(images, parameters, 32)
        found.append(views.apply(images, parameters, size=32))
    assert (found[0] - found[1]).abs().max() > 0.1


def test_gray() -> None:
    parameters = views.standard(8, 32, 32, seeded(), **(ONLY_CROP | {"gray_share": 1.0}))
    assert parameters.gray.all()
    check_against_torchvision(pictures(8, 32, 32), parameters, 32)


@pytest.mark.parametrize(("height", "width", "size"), SIZES)
@pytest.mark.parametrize("strength", [0.4, 1.0])
def test_whole_chain(height: int, width: int, size: int, strength: float) -> None:
    """Strength 1 draws brightness from [0, 2]: many pixels meet the clamps."""
    parameters = views.standard(64, height, width, seeded(3), jitter=strength, hue=strength / 4)
    check_against_torchvision(pictures(64, height, width), parameters, size)


def test_values_are_clamped_after_brightness() -> None:
    white = torch.full((1, 3, 8, 8), 255, dtype=torch.uint8)
    parameters = views.standard(1, 8, 8, seeded(), **ONLY_CROP)
    parameters.order[:, :2] = torch.tensor([color.BRIGHTNESS, color.SATURATION])
    parameters.factors[:] = 2.0
    view = in_unit_range(views.apply(white, parameters, size=8))
    torch.testing.assert_close(view, torch.ones(1, 3, 8, 8))


def test_normalization_is_one_constant() -> None:
    """Black, middle gray and white are -2, 0 and 2: (x - 0.5) / 0.25."""
    levels = torch.tensor([0, 51, 255], dtype=torch.uint8)  # 51 / 255 = 0.2
    images = levels[:, None, None, None].expand(3, 3, 8, 8).contiguous()
    expected = torch.tensor([-2.0, -1.2, 2.0])
    torch.testing.assert_close(views.clean(images, size=8)[:, 1, 5, 5], expected)
    drawn = views.apply(images, views.standard(3, 8, 8, seeded(), **ONLY_CROP), size=8)
    torch.testing.assert_close(drawn[:, 0, 2, 2], expected)


@pytest.mark.parametrize(("height", "width", "size"), SIZES)
def test_clean_is_the_resized_image(height: int, width: int, size: int) -> None:
    images = pictures(4, height, width)
    expected = F.resize(images / 255, [size, size], InterpolationMode.BILINEAR, antialias=True)
    torch.testing.assert_close(in_unit_range(views.clean(images, size=size)), expected, **TOLERANCE)


@pytest.mark.parametrize("draw", [views.standard, views.matrix])
def test_images_stay_as_they_are_and_views_can_be_trained_on(draw: Draw) -> None:
    images = pictures(16, 32, 32)
    before = images.clone()
    view = views.apply(images, draw(16, 32, 32, seeded()), size=32)
    assert torch.equal(images, before)
    assert view.shape == (16, 3, 32, 32)
    assert view.dtype == torch.float32
    assert view.is_contiguous()
    weight = torch.ones(3, 1, 1, requires_grad=True)
    (view * weight).sum().backward()  # raises for an inference tensor
    assert weight.grad is not None
    assert not view.requires_grad


@pytest.mark.parametrize("draw", [views.standard, views.matrix])
def test_autocast_around_it_changes_nothing(draw: Draw) -> None:
    images, parameters = pictures(8, 32, 32), draw(8, 32, 32, seeded())
    expected = views.apply(images, parameters, size=32)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(views.apply(images, parameters, size=32), expected)
        assert views.clean(images, size=16).dtype == torch.float32


@pytest.mark.parametrize("draw", [views.standard, views.matrix])
def test_a_batch_is_its_images(draw: Draw) -> None:
    """Rows selected from the parameters of an epoch give the same views alone and together."""
    images, parameters = pictures(12, 32, 32), draw(12, 32, 32, seeded(5))
    together = views.apply(images, parameters, size=32)
    index = torch.tensor([7, 2, 2, 11])
    chosen = parameters[index]
    assert len(chosen) == 4
    assert torch.equal(chosen.box, parameters.box[index])
    torch.testing.assert_close(views.apply(images[index], chosen, size=32), together[index])
    torch.testing.assert_close(views.apply(images[:3], parameters[:3], size=32), together[:3])
    assert views.apply(images[:0], parameters[:0], size=32).shape == (0, 3, 32, 32)


def test_equal_seeds_draw_equal_parameters() -> None:
    first, again, other = (views.standard(50, 32, 32, seeded(seed)) for seed in (4, 4, 5))
    for field in fields(Operations):
        name = field.name
        assert torch.equal(getattr(first, name), getattr(again, name)), name
        assert not torch.equal(getattr(first, name), getattr(other, name)), name


def test_an_option_changes_only_its_own_draws() -> None:
    """Two arms of a study that differ in the colors see the same crops."""
    plain = views.standard(50, 32, 32, seeded())
    strong = views.standard(50, 32, 32, seeded(), crop_min=0.9, jitter=0.8, gray_share=1.0)
    assert torch.equal(plain.flip, strong.flip)
    assert torch.equal(plain.order, strong.order)
    assert not torch.equal(plain.box, strong.box)
    assert not torch.equal(plain.factors, strong.factors)


def test_moving_keeps_the_parameters() -> None:
    parameters = views.standard(5, 32, 32, seeded()).to(torch.device("cpu"))
    assert parameters.box.device.type == "cpu"
    assert len(parameters) == 5


def with_area_and_aspect(box: Tensor) -> Tensor:
    height, width = box[:, 2], box[:, 3]
    return torch.cat((box, (height * width)[:, None], (width / height).log()[:, None]), 1)


@pytest.mark.parametrize(("height", "width", "crop_min"), [(32, 32, 0.2), (48, 40, 0.08)])
def test_crops_are_distributed_as_torchvisions(height: int, width: int, crop_min: float) -> None:
    """First two moments of coordinates, area and log aspect, within five standard errors."""
    count = 4000
    ours = views.standard(count, height, width, seeded(), crop_min=crop_min).box.double()
    canvas = torch.empty(3, height, width)
    with torch.random.fork_rng():
        torch.manual_seed(0)  # torchvision draws from the global generator only
        theirs = torch.tensor(
            [RandomResizedCrop.get_params(canvas, [crop_min, 1.0], [3 / 4, 4 / 3]) for _ in range(count)]
        ).double()
    ours, theirs = with_area_and_aspect(ours), with_area_and_aspect(theirs)
    for moment in (ours, theirs), (ours**2, theirs**2):
        difference = (moment[0].mean(0) - moment[1].mean(0)).abs()
        error = ((moment[0].var(0) + moment[1].var(0)) / count).sqrt()
        assert (difference < 5 * error).all(), (difference / error).tolist()


def test_crops_stay_inside_and_reach_every_border() -> None:
    top, left, height, width = views.standard(4000, 32, 24, seeded()).box.unbind(1)
    assert (top >= 0).all()
    assert (left >= 0).all()
    assert (top + height).max() == 32
    assert (left + width).max() == 24
    assert top.min() == left.min() == 0
    assert height.min() >= 1
    assert width.min() >= 1


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [  # no aspect in [3/4, 4/3] with this area fits, so the largest central one: by pencil
        (100, 8, (44, 0, 11, 8)),  # height 8 / (3/4) = 10.67 -> 11, top (100 - 11) // 2
        (8, 100, (0, 44, 8, 11)),  # width 8 * 4/3 = 10.67 -> 11
    ],
)
def test_the_fallback_of_extreme_shapes(height: int, width: int, expected: tuple[int, int, int, int]) -> None:
    boxes = views.standard(20, height, width, seeded(), crop_min=0.5).box
    assert torch.equal(boxes, torch.tensor(expected).expand(20, 4))
    canvas = torch.empty(3, height, width)
    assert RandomResizedCrop.get_params(canvas, [0.5, 1.0], [3 / 4, 4 / 3]) == expected


def test_the_whole_image_is_the_fallback_of_an_ordinary_shape() -> None:
    """Area 1 fits a 33 x 32 image only at its own aspect, which is never drawn."""
    boxes = views.standard(20, 33, 32, seeded(), crop_min=1.0).box
    whole = (boxes == torch.tensor([0, 0, 33, 32])).all(1)
    assert whole.any()
    assert (boxes[:, 2] <= 33).all()


def test_shares_are_probabilities() -> None:
    count = 20_000  # standard error at most 0.0036
    drawn = views.standard(count, 32, 32, seeded(), flip_share=0.5, jitter_share=0.8, gray_share=0.2)
    jittered = (drawn.order >= 0).all(1)
    assert ((drawn.order >= 0).any(1) == jittered).all()
    found = torch.stack([flag.double().mean() for flag in (drawn.flip, jittered, drawn.gray)])
    expected = torch.tensor([0.5, 0.8, 0.2], dtype=torch.float64)
    torch.testing.assert_close(found, expected, atol=0.015, rtol=0)
    # independent: all three together as often as the product says
    together = (drawn.flip & jittered & drawn.gray).double().mean().item()
    assert abs(together - 0.08) < 0.01


@pytest.mark.parametrize(("jitter", "hue"), [(0.4, 0.1), (1.5, 0.5)])
def test_factors_are_drawn_as_color_jitters(jitter: float, hue: float) -> None:
    """Uniform between the ends that torchvision's ColorJitter would use (none below 0)."""
    factors = views.standard(20_000, 32, 32, seeded(), jitter=jitter, hue=hue).factors.double()
    theirs = ColorJitter(jitter, jitter, jitter, hue)
    ends = [theirs.brightness, theirs.contrast, theirs.saturation, theirs.hue]
    low, high = torch.tensor(ends, dtype=torch.float64).unbind(1)
    assert ((factors >= low - 1e-6) & (factors <= high + 1e-6)).all()
    spread = (high - low) / 12**0.5  # of a uniform number
    center = (factors.mean(0) - (low + high) / 2) / spread  # its standard error is 0.007
    torch.testing.assert_close(center, torch.zeros_like(center), atol=0.04, rtol=0)
    torch.testing.assert_close(factors.std(0) / spread, torch.ones_like(center), atol=0.03, rtol=0)


def test_every_order_is_equally_likely() -> None:
    order = views.standard(24_000, 32, 32, seeded(), jitter_share=1.0).order
    kinds, counts = order.unique(dim=0, return_counts=True)
    assert len(kinds) == 24
    assert (kinds.sort(1).values == torch.arange(4)).all()
    assert ((counts - 1000).abs() < 5 * 1000**0.5).all()


def test_a_hue_beyond_half_a_turn_is_rejected() -> None:
    with pytest.raises(InputError, match=r"hue 0\.6 .* 0\.5"):
        views.standard(1, 32, 32, seeded(), hue=0.6)


def test_a_card_recolors_all_as_a_processor_recolors_rows() -> None:
    parameters = views.standard(64, 32, 32, seeded())
    assert all(((parameters.order == operation).any(0)).all() for operation in (-1, 0, 1, 2, 3))
    pixels = pictures(64, 32, 32) / 255
    expected = recolor.in_rows(pixels.clone(), parameters)
    torch.testing.assert_close(recolor.all_at_once(pixels.clone(), parameters), expected, atol=1e-6, rtol=0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
@pytest.mark.parametrize("draw", [views.standard, views.matrix])
def test_the_gpu_shows_the_same_views(draw: Draw) -> None:
    images, parameters = pictures(64, 32, 32), draw(64, 32, 32, seeded())
    expected = views.apply(images, parameters, size=32)
    found = views.apply(images.cuda(), parameters, size=32).cpu()
    torch.testing.assert_close(found, expected, atol=1e-4, rtol=0)


# --- one matrix an image


@pytest.fixture
def muted() -> Tensor:
    """Colors near gray: no operation of a mild jitter leaves [0, 1], so nothing is cut off on the way."""
    return (pictures(64, 32, 32) // 8 + 112).to(torch.uint8)


def test_one_matrix_is_all_operations_where_nothing_is_cut_off_and_no_hue_turns(muted: Tensor) -> None:
    exact, by_matrix = (draw(64, 32, 32, seeded(), hue=0.0) for draw in (views.standard, views.matrix))
    assert (exact.order.sort(1).values == torch.arange(4)).all(1).any()  # all four, in many orders
    assert exact.gray.any()
    expected = views.apply(muted, exact, size=32)
    torch.testing.assert_close(
        views.apply(muted, by_matrix, size=32), expected, atol=5e-4, rtol=0
    )  # LUMA adds to 0.9999


def test_one_matrix_draws_what_the_standard_views_draw() -> None:
    options = {"crop_min": 0.4, "jitter": 0.3, "hue": 0.2, "jitter_share": 0.5, "gray_share": 0.6, "flip_share": 0.1}
    exact, by_matrix = (draw(50, 32, 24, seeded(), **options) for draw in (views.standard, views.matrix))
    expected = recolor.in_one_matrix(exact)
    for field in fields(expected):
        assert torch.equal(getattr(by_matrix, field.name), getattr(expected, field.name)), field.name


def test_one_matrix_has_the_options_of_the_standard_views_and_their_defaults() -> None:
    assert parts.signature("views", "matrix") == parts.signature("views", "standard")


def test_one_matrix_against_its_operations_one_by_one() -> None:
    """In float64, pixel by pixel, on a hue that is rotated in YIQ; only the end is cut to [0, 1]."""
    drawn, pixels = views.standard(24, 8, 8, seeded(2), jitter=0.8, hue=0.5), pictures(24, 8, 8) / 255
    found = recolor.by_matrix(pixels.clone(), recolor.in_one_matrix(drawn)).double()
    for n, image in enumerate(pixels.double()):
        torch.testing.assert_close(found[n], one_by_one(image, drawn, n), atol=5e-4, rtol=0)  # LUMA adds to 0.9999


def one_by_one(image: Tensor, drawn: Operations, n: int) -> Tensor:
    """Brightness, contrast, saturation as torchvision, without its cuts; hue in the plane of YIQ."""
    for operation in drawn.order[n].tolist():
        factor, gray = drawn.factors[n, operation].item(), luma64(image)
        if operation == color.BRIGHTNESS:
            image = factor * image
        if operation == color.CONTRAST:
            image = factor * image + (1 - factor) * gray.mean()
        if operation == color.SATURATION:
            image = factor * image + (1 - factor) * gray
        if operation == color.HUE:
            i, q = (sum(w * c for w, c in zip(axis, image, strict=True)) for axis in recolor.CHROMA)
            turned = torch.complex(i, q) * torch.exp(torch.tensor(-2j * torch.pi * factor))
            yiq = torch.tensor((color.LUMA, *recolor.CHROMA), dtype=torch.float64)
            image = torch.einsum("ij,jhw->ihw", yiq.inverse(), torch.stack((gray, turned.real, turned.imag)))
    return (luma64(image).expand(3, -1, -1) if drawn.gray[n] else image).clamp(0, 1)


def luma64(image: Tensor) -> Tensor:
    return sum(weight * channel for weight, channel in zip(color.LUMA, image, strict=True))


def test_a_turn_of_one_matrix_goes_the_way_of_torchvision() -> None:
    """A third of a turn takes red nearest to green, green to blue, blue to red; a gray stays, and so does the luma."""
    colors = 0.4 + 0.2 * torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    pixels = colors[:, :, None, None].expand(4, 3, 2, 2).clone()
    drawn = Operations(torch.zeros(4, 4, dtype=torch.long), torch.zeros(4, dtype=torch.bool),
                           torch.tensor([[1, 1, 1, 1 / 3]] * 4), torch.tensor([[3, -1, -1, -1]] * 4),
                           torch.zeros(4, dtype=torch.bool))  # fmt: skip
    turned = recolor.by_matrix(pixels.clone(), recolor.in_one_matrix(drawn))
    assert turned.mean((2, 3)).argmax(1)[:3].tolist() == [1, 2, 0]
    torch.testing.assert_close(turned[3], pixels[3])
    torch.testing.assert_close(color.luma(turned), color.luma(pixels), atol=1e-4, rtol=0)


# --- without augmentation


def test_whole_images_are_the_clean_ones() -> None:
    images = pictures(5, 32, 32)
    drawn = views.whole(5, 32, 32, seeded())
    assert torch.equal(views.apply(images, drawn, size=16), views.clean(images, size=16))


def test_whole_images_may_be_flipped() -> None:
    images = pictures(400, 8, 8)
    drawn = views.whole(400, 8, 8, seeded(), flip_share=0.25)
    assert drawn.flip.double().mean().item() == pytest.approx(0.25, abs=0.07)  # three deviations
    plain = views.clean(images, size=8)
    expected = torch.where(drawn.flip[:, None, None, None], plain.flip(3), plain)
    torch.testing.assert_close(views.apply(images, drawn, size=8), expected)
