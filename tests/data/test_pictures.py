"""Any image file that Pillow reads: formats, modes, depths, frames and sizes."""

import numpy as np
import pytest
from PIL import Image

from image_folders import BLUE, GREEN, RED, SIZE, paint, shown

pytestmark = pytest.mark.usefixtures("said")


FORMATS = {
    "jpeg": ("a.JPG", "RGB", RED, {"quality": 95}),
    "cmyk": ("a.jpg", "CMYK", (0, 255, 255, 0), {"quality": 95}),
    "palette": ("a.gif", "P", 0, {}),
    "webp": ("a.webp", "RGB", RED, {"lossless": True}),
    "bmp": ("a.bmp", "RGB", RED, {}),
    "opaque": ("a.png", "RGBA", (*RED, 255), {}),
    "lab": ("a.tiff", "LAB", (138, 208, 195), {}),
    "no extension": ("a", "RGB", RED, {"format": "PNG"}),
    "wrong extension": ("a.txt", "RGB", RED, {"format": "TIFF"}),
}


@pytest.mark.parametrize(("name", "mode", "color", "options"), FORMATS.values(), ids=FORMATS.keys())
def test_formats_and_modes(tmp_path, name, mode, color, options):
    path = tmp_path / name
    image = Image.new(mode, (40, 30), color)
    if mode == "P":
        image.putpalette([*RED, *BLUE])
    image.save(path, **options)
    found = shown(path)
    assert found.shape == (SIZE, SIZE, 3)
    assert found.dtype == np.uint8
    if mode == "LAB":
        r, g, b = found[16, 16].astype(int)
        assert r > 240 > 30 > max(g, b)  # a and b count from 128
    else:
        assert np.abs(found.astype(int) - RED).max() <= 3


GRAYS = {
    "16 bits": (np.full((30, 40), 65535 // 2, np.uint16), "a.png", 127),
    "16 bits, dark": (np.full((30, 40), 257 * 7, np.uint16), "a.png", 7),
    "32 bits": (np.full((30, 40), 257 * 100, np.int32), "a.tiff", 100),
    "float": (np.full((30, 40), 0.5, np.float32), "a.tiff", 128),
    "8 bits": (np.full((30, 40), 77, np.uint8), "a.png", 77),
    "1 bit": (np.full((30, 40), True), "a.png", 255),
}


@pytest.mark.parametrize(("values", "name", "expected"), GRAYS.values(), ids=GRAYS.keys())
def test_gray_of_every_depth_is_scaled_not_cut(tmp_path, values, name, expected):
    Image.fromarray(values).save(tmp_path / name)
    assert np.unique(shown(tmp_path / name)).tolist() == [expected]


def test_floats_that_are_no_numbers(tmp_path):
    values = np.full((30, 40), 0.5, np.float32)
    values[0, 0], values[1, 1] = np.nan, -3
    Image.fromarray(values).save(tmp_path / "a.tiff")
    assert np.median(shown(tmp_path / "a.tiff")) == 128


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path, mode):
    paint(tmp_path / "a.png", (0,) * len(mode), mode)
    assert (shown(tmp_path / "a.png") == 255).all()


def test_a_transparent_color_of_a_palette_is_white(tmp_path):
    image = Image.new("P", (40, 30), 1)
    image.putpalette([*RED, *BLUE])
    image.save(tmp_path / "a.png", transparency=1)
    assert (shown(tmp_path / "a.png") == 255).all()


def test_the_first_frame(tmp_path):
    frames = [Image.new("RGB", (40, 30), color) for color in (GREEN, BLUE)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert shown(tmp_path / "a.webp")[16, 16].tolist() == list(GREEN)


def test_images_stand_upright(tmp_path):
    """Stored lying on its side with a note in EXIF (6: turn clockwise): its left half is what belongs on top."""
    image = Image.new("RGB", (64, 64), BLUE)
    image.paste(GREEN, (0, 0, 32, 64))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.png", exif=exif)
    found = shown(tmp_path / "a.png")
    assert found[2, 16].tolist() == list(GREEN)
    assert found[29, 16].tolist() == list(BLUE)


@pytest.mark.parametrize(("width", "height"), [(96, 32), (32, 96), (900, 300)])
def test_the_center_is_cropped(tmp_path, width, height):
    image = Image.new("RGB", (width, height), RED)
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    image.paste(GREEN, (left, top, left + side, top + side))
    image.save(tmp_path / "a.png")
    # The outermost pixels may see their neighbors beyond the cut.
    assert (shown(tmp_path / "a.png")[1:-1, 1:-1] == GREEN).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (33, 31)])
def test_odd_sizes(tmp_path, size):
    found = shown(paint(tmp_path / "a.png", RED, size=size))
    assert (found == RED).all()


def test_a_large_jpeg_is_the_same_picture(tmp_path):
    """It is decoded at a fraction of its size, which must not move or darken anything."""
    ramp = np.linspace(0, 255, 1600).astype(np.uint8)
    Image.fromarray(np.stack([np.tile(ramp, (1600, 1))] * 3, 2)).save(tmp_path / "a.jpg", quality=95)
    found = shown(tmp_path / "a.jpg").astype(float)
    expected = ramp.reshape(SIZE, -1).mean(1)
    np.testing.assert_allclose(found, np.broadcast_to(expected[:, None], found.shape), atol=3)


def test_a_small_jpeg_keeps_its_edges(tmp_path):
    halves = np.zeros((200, 200, 3), np.uint8)
    halves[:, 100:] = 255
    Image.fromarray(halves).save(tmp_path / "a.jpg", quality=95)
    found = shown(tmp_path / "a.jpg")
    assert found[:, SIZE // 2 - 1].max() < 40
    assert found[:, SIZE // 2].min() > 215
