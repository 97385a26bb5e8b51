"""Pictures of more than 8 bits: which value becomes black and which white, and where it is said."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from anatomy import data
from anatomy.data import depth, folder, pictures

SIZE = folder.SIZE


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said on the terminal."""
    lines: list[str] = []
    monkeypatch.setattr(folder, "to_terminal", lines.append)
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    return lines


def noise(low: float, high: float, count: int, seed: int = 0, shape: tuple[int, ...] = (SIZE, SIZE)) -> np.ndarray:
    """Values of so many images, evenly spread from low to high."""
    return np.random.default_rng(seed).uniform(low, high, (count, *shape))


def written(root: Path, part: str, values: np.ndarray, ending: str = "png") -> None:
    """mine/<part>/{a,b}/: half of the images each."""
    for i, image in enumerate(values):
        path = root / "mine" / part / "ab"[2 * i // len(values)] / f"{i:03}.{ending}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(path)


def gray(images: np.ndarray) -> np.ndarray:
    """[N, H, W] of images whose three channels are equal."""
    assert (images == images[..., :1]).all()
    return images[..., 0]


def between(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """What is shown where low is black and high is white."""
    return (255 * ((values - low) / (high - low)).clip(0, 1)).round()


RANGES = {
    "12 bits": (0, 4095),
    "14 bits": (0, 16383),
    "15 bits": (0, 32767),
    "a scanner's offset": (30000, 35000),
}


@pytest.mark.parametrize(("low", "high"), RANGES.values(), ids=RANGES.keys())
def test_a_fraction_of_16_bits_is_spread_by_the_training_images_percentiles(tmp_path, said, low, high):
    train, test = noise(low, high, 20).astype(np.uint16), noise(0, 65535, 4, seed=1).astype(np.uint16)
    written(tmp_path, "train", train)
    written(tmp_path, "test", test)
    dataset = data.load("mine", tmp_path)
    black, white = np.percentile(train, [0.1, 99.9])
    assert np.abs(gray(dataset.train_images) - between(train, black, white)).max() <= 1
    assert np.abs(gray(dataset.test_images) - between(test, black, white)).max() <= 1  # the same range
    (note,) = dataset.notes
    assert f"24 images have more than 8 bits and use {black:.4g} to {white:.4g} of the declared 0 to 65535" in note
    assert f"mine: {note}" in said


def test_the_digest_is_of_what_is_shown(tmp_path):
    train = noise(0, 4095, 20).astype(np.uint16)
    written(tmp_path, "train", train)
    dataset = data.load("mine", tmp_path)
    assert data.digest("mine", tmp_path) == data.archive.digest_of(dataset)
    assert dataset.train_images.max() == 255
    assert dataset.train_images.mean() == pytest.approx(127, abs=3)


def test_held_out_images_do_not_decide(tmp_path):
    """The bright image is the held-out one, so that it is all white."""
    train = noise(0, 4095, 20).astype(np.uint16)
    classes = np.repeat(["a", "b"], 10)
    out = np.flatnonzero(folder.held_out(classes, np.ones(20, bool)))
    train[out] = 65535
    written(tmp_path, "train", train)
    dataset = data.load("mine", tmp_path)
    assert (dataset.test_images == 255).all()
    assert dataset.train_images.mean() == pytest.approx(127, abs=3)


def test_a_set_that_uses_its_depth_stays_as_it_was(tmp_path, said):
    """Bit by bit: each image in 8 bits, then cropped and resized."""
    train = noise(0, 65535, 10, shape=(45, 61)).astype(np.uint16)
    written(tmp_path, "train", train)
    dataset = data.load("mine", tmp_path)
    each = [Image.fromarray((255 * (image / 65535)).round().astype(np.uint8)) for image in train]
    fitted = [np.asarray(ImageOps.fit(image, (SIZE, SIZE), Image.Resampling.BICUBIC)) for image in each]
    both = [*gray(dataset.train_images), *gray(dataset.test_images)]
    assert sorted(image.tobytes() for image in both) == sorted(image.tobytes() for image in fitted)
    assert not [line for line in said if "more than 8 bits" in line]


def test_a_hot_pixel_does_not_make_the_others_black(tmp_path):
    train = noise(0, 4095, 20).astype(np.uint16)
    train[3, 5, 5] = 65535
    written(tmp_path, "train", train)
    assert data.load("mine", tmp_path).train_images.mean() == pytest.approx(127, abs=3)


@pytest.mark.parametrize(("value", "expected"), [(0, 0), (257 * 20, 20), (65535, 255)])
def test_images_that_are_all_equal(tmp_path, value, expected):
    written(tmp_path, "train", np.full((20, SIZE, SIZE), value, np.uint16))
    dataset = data.load("mine", tmp_path)
    assert (dataset.train_images == expected).all()


def test_few_bright_pixels_are_seen(tmp_path):
    """Fewer than one in a thousand: both percentiles are 0."""
    train = np.zeros((20, SIZE, SIZE), np.uint16)
    train[::2, 16, 16] = 300
    written(tmp_path, "train", train)
    dataset = data.load("mine", tmp_path)
    assert set(np.unique(dataset.train_images)) == {0, 255}


def test_pictures_of_8_bits_beside_them_stay(tmp_path):
    deep, plain = noise(0, 4095, 20).astype(np.uint16), noise(0, 99, 20, seed=1).astype(np.uint8)
    written(tmp_path, "train", deep)
    for i, image in enumerate(plain):
        (tmp_path / "mine" / "train" / "c").mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / "mine" / "train" / "c" / f"{i:03}.png")
    written(tmp_path, "test", deep[:4])
    dataset = data.load("mine", tmp_path)
    assert np.array_equal(gray(dataset.train_images[dataset.train_labels == 2]), plain)
    assert dataset.train_images[dataset.train_labels < 2].mean() == pytest.approx(127, abs=3)
    assert dataset.notes[0].startswith("24 images have")


def test_test_images_decide_where_no_training_image_is_deep(tmp_path):
    written(tmp_path, "train", noise(0, 255, 20).astype(np.uint8))
    written(tmp_path, "test", noise(0, 4095, 10).astype(np.uint16))
    dataset = data.load("mine", tmp_path)
    assert dataset.test_images.mean() == pytest.approx(127, abs=3)
    assert "of the test images" in dataset.notes[0]


@pytest.mark.parametrize(("low", "high", "stays"), [(0, 1, True), (0, 0.01, False), (-1, 1, False), (100, 900, False)])
def test_floats(tmp_path, low, high, stays):
    """What is no number is as dark as its image's darkest."""
    train = noise(low, high, 20).astype(np.float32)
    train[0, :8], train[1, 0, 0], train[2, 0, 0] = np.nan, np.inf, -np.inf
    written(tmp_path, "train", train, "tiff")
    written(tmp_path, "test", train[:4], "tiff")
    dataset = data.load("mine", tmp_path)
    assert (dataset.notes == ()) == stays
    assert dataset.train_images[3:].mean() == pytest.approx(127, abs=3)
    assert (dataset.train_images[0, :8] <= 1).all()
    assert (dataset.train_images[1, 0, 0] >= 254).all()


def test_32_bits_and_signed_16_bits(tmp_path):
    written(tmp_path, "train", noise(-1000, 1000, 20).astype(np.int32), "tiff")
    assert data.load("mine", tmp_path).train_images.mean() == pytest.approx(127, abs=3)


# --- colors, and depths that a file declares


def png(values: np.ndarray) -> bytes:
    """A PNG of 16 bits [H, W, channels], which Pillow cannot write: RGB, RGBA, or gray with opacity."""
    height, width, channels = values.shape
    rows = b"".join(b"\0" + row.tobytes() for row in values.astype(">u2").reshape(height, -1))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, {2: 4, 3: 2, 4: 6}[channels], 0, 0, 0))]
    parts += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    framed = [struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


def tiff(pixels: bytes, side: int, bits: tuple[int, ...], order: str = "<", packed: bool = False) -> bytes:
    """A TIFF of one strip, uncompressed or with deflate."""
    pixels = zlib.compress(pixels) if packed else pixels
    depths = struct.pack(f"{order}{len(bits)}H", *bits)
    tags = [(256, side), (257, side), (258, bits), (259, 8 if packed else 1), (262, 2 if len(bits) == 3 else 1)]
    tags += [(273, 8), (277, len(bits)), (278, side), (279, len(pixels))]
    after = 8 + len(pixels)
    entries = b""
    for tag, value in tags:
        if value == bits and len(bits) > 1:
            entries += struct.pack(f"{order}HHII", tag, 3, len(bits), after)
        else:
            entries += struct.pack(f"{order}HHII", tag, 4, 1, value[0] if isinstance(value, tuple) else value)
    start = struct.pack(f"{order}2sHI", b"II" if order == "<" else b"MM", 42, after + len(depths))
    return start + pixels + depths + struct.pack(f"{order}H", len(tags)) + entries + struct.pack(f"{order}I", 0)


def colors(high: float) -> np.ndarray:
    """12-bit colors that are all different in their low bytes, [SIZE, SIZE, 3]."""
    return noise(0, high, 1, shape=(SIZE, SIZE, 3))[0].astype(np.uint16)


COLORS = {
    "png": (lambda v: png(v), "png"),
    "png, opaque": (lambda v: png(np.concatenate([v, np.full((SIZE, SIZE, 1), 65535)], 2)), "png"),
    "tiff": (lambda v: tiff(v.astype("<u2").tobytes(), SIZE, (16, 16, 16)), "tiff"),
    "tiff, big": (lambda v: tiff(v.astype(">u2").tobytes(), SIZE, (16, 16, 16), ">"), "tiff"),
    "tiff, deflate": (lambda v: tiff(v.astype("<u2").tobytes(), SIZE, (16, 16, 16), packed=True), "tiff"),
    "tiff, big, deflate": (lambda v: tiff(v.astype(">u2").tobytes(), SIZE, (16, 16, 16), ">", packed=True), "tiff"),
}


@pytest.mark.parametrize(("make", "ending"), COLORS.values(), ids=COLORS.keys())
def test_colors_of_16_bits_with_their_low_bytes(tmp_path, make, ending):
    """Pillow itself keeps the high bytes, which are 0 to 15 here."""
    values = colors(4095)
    path = tmp_path / f"a.{ending}"
    path.write_bytes(make(values))
    image, deep = pictures.decoded(path, SIZE)
    assert image.max() == 15
    assert np.array_equal(deep.values, values)
    images = image[None].copy()
    (note,) = depth.brighten(images, {0: deep}, np.array([True]))
    black, white = np.percentile(values, [0.1, 99.9])
    assert np.abs(images[0] - between(values, black, white)).max() <= 1
    assert "of the declared 0 to 65535" in note


def test_what_is_transparent_stays_white(tmp_path):
    values = np.concatenate([colors(4095), np.zeros((SIZE, SIZE, 1))], 2)
    values[:, 16:, 3] = 65535
    (tmp_path / "a.png").write_bytes(png(values))
    image, deep = pictures.decoded(tmp_path / "a.png", SIZE)
    images = image[None].copy()
    depth.brighten(images, {0: deep}, np.array([True]))
    assert (images[0, :, :16] == 255).all()
    assert images[0, :, 16:].mean() == pytest.approx(127, abs=5)


def test_gray_with_opacity_has_its_high_bytes(tmp_path):
    """Pillow has no way to the low ones."""
    values = np.concatenate([colors(4095)[..., :1], np.full((SIZE, SIZE, 1), 65535)], 2)
    (tmp_path / "a.png").write_bytes(png(values))
    _, deep = pictures.decoded(tmp_path / "a.png", SIZE)
    assert np.array_equal(deep.values[..., 0], 257 * (values[..., 0].astype(int) >> 8))


def test_12_bits_that_the_file_declares(tmp_path, said):
    """Two values in three bytes; its own depth is used, and nothing is to be said."""
    for i, one in enumerate("abab"):
        values = noise(0, 4096, 1, seed=i)[0].astype(int)
        pairs = values.reshape(-1, 2)
        three = np.stack([pairs[:, 0] >> 4, (pairs[:, 0] & 15) << 4 | pairs[:, 1] >> 8, pairs[:, 1] & 255], 1)
        path = tmp_path / "mine" / "train" / one / f"{i}.tiff"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tiff(three.astype(np.uint8).tobytes(), SIZE, (12,)))
        image, deep = pictures.decoded(path, SIZE)
        assert deep.top == 4095
        assert np.array_equal(image[..., 0], (255 * values / 4095).round())
    assert not [note for note in data.load("mine", tmp_path).notes if "more than 8 bits" in note]


def test_a_deep_image_stands_upright(tmp_path):
    """A note in EXIF (6: turn clockwise) turns high and low bytes alike."""
    exif = Image.Exif()
    exif[0x0112] = 6
    values = np.zeros((SIZE, SIZE), np.uint16)
    values[:, :16] = 4000
    Image.fromarray(values).save(tmp_path / "a.png", exif=exif)
    _, deep = pictures.decoded(tmp_path / "a.png", SIZE)
    assert (deep.values[:16] == 4000).all()
    assert (deep.values[16:] == 0).all()


def test_percentiles_of_many_images_are_of_some_of_their_values(monkeypatch):
    """Of every column, and about as many as asked for."""
    monkeypatch.setattr(depth, "SAMPLE", 1000)
    ramp = np.tile(np.arange(SIZE, dtype=np.float32), (SIZE, 1))
    low, high = depth.span([ramp] * 40)
    assert (low, high) == (0, SIZE - 1)
