"""Image folders: what is read and as what, what is held out, and what is said to folders that are none."""

import builtins
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from anatomy import data
from anatomy.data import archive, folder, memory, pictures, scan
from anatomy.errors import InputError, to_terminal

SIZE = folder.SIZE
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def paint(
    path: Path, color: object = RED, mode: str = "RGB", size: tuple[int, int] = (40, 30), **options: object
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, color).save(path, **options)
    return path


def two_classes(root: Path, count: int = 10, part: str = "train") -> Path:
    """root/mine/<part>/{cat,dog}/0.png ...: cats are red and dogs blue, brighter from image to image."""
    for i in range(count):
        paint(root / "mine" / part / "cat" / f"{i}.png", (100 + i, 0, 0))
        paint(root / "mine" / part / "dog" / f"{i}.png", (0, 0, 100 + i))
    return root / "mine"


def shown(path: Path) -> np.ndarray:
    """The picture of one file."""
    return pictures.decoded(path, SIZE)[0]


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said on the terminal; and every look at a folder is a new one."""
    lines: list[str] = []
    monkeypatch.setattr(folder, "to_terminal", lines.append)
    monkeypatch.setattr(scan, "_last", {})
    # These tests may run in a worker themselves, as those of `make mutants` do.
    monkeypatch.setattr("multiprocessing.parent_process", lambda: None)
    return lines


# --- where a folder is, and what its classes are


def test_classes_images_and_labels(tmp_path):
    two_classes(tmp_path)
    two_classes(tmp_path, 3, "test")
    dataset = data.load("mine", tmp_path)
    assert (dataset.name, dataset.class_names) == ("mine", ("cat", "dog"))
    assert dataset.train_images.shape == (20, SIZE, SIZE, 3)
    assert dataset.test_images.shape == (6, SIZE, SIZE, 3)
    assert dataset.train_images.dtype == np.uint8
    assert dataset.train_labels.dtype == np.int64
    assert dataset.train_labels.tolist() == [0] * 10 + [1] * 10
    assert dataset.test_labels.tolist() == [0] * 3 + [1] * 3
    assert dataset.train_images[3, 5, 5].tolist() == [103, 0, 0]
    assert dataset.train_images[13, 5, 5].tolist() == [0, 0, 103]
    assert data.train_count("mine", tmp_path) == 18


def test_data_root_may_be_the_folder_itself(tmp_path):
    mine = two_classes(tmp_path)
    assert data.digest("mine", mine) == data.digest("mine", tmp_path)
    with pytest.raises(InputError, match="did you mean mine"):
        data.load("mime", mine)


def test_class_folders_lie_at_any_depth(tmp_path):
    """A class is the folder that holds the images; folders that hold only folders are none."""
    for name in ("animals/cat", "animals/big/cat", "cars"):
        for i in range(3):
            paint(tmp_path / "deep" / "train" / name / f"{i}.png")
            paint(tmp_path / "deep" / "val" / name / f"{i}.png")
    dataset = data.load("deep", tmp_path)
    assert dataset.class_names == ("animals/big/cat", "animals/cat", "cars")
    assert dataset.test_labels.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]


def test_test_comes_before_val_and_an_empty_one_is_not_there(tmp_path):
    mine = two_classes(tmp_path)
    two_classes(tmp_path, 2, "val")
    (mine / "test").mkdir()
    paint(mine / "test" / "unlabelled.png")  # without a class folder: nobody knows its class
    assert len(data.load("mine", tmp_path).test_labels) == 4
    scan._last.clear()
    two_classes(tmp_path, 3, "test")
    assert len(data.load("mine", tmp_path).test_labels) == 6


def test_an_archive_comes_first(tmp_path):
    two_classes(tmp_path)
    from_folder = data.load("mine", tmp_path)
    arrays = {name: getattr(from_folder, name) for name in data.archive.ARRAYS}
    before = data.digest("mine", tmp_path)
    np.savez(tmp_path / "mine.npz", **arrays)
    assert data.digest("mine", tmp_path) == before  # the content is the same
    assert data.load("mine", tmp_path).class_names == ("0", "1")  # but now the archive is read


def test_hidden_files(tmp_path, said):
    mine = two_classes(tmp_path)
    before = data.digest("mine", tmp_path)
    (mine / "train" / "cat" / "._0.png").write_bytes(b"what a Mac leaves on other disks")
    paint(mine / "train" / ".thumbnails" / "0.png")
    said.clear()
    scan._last.clear()
    assert data.digest("mine", tmp_path) == before
    assert not [line for line in said if "left out" in line]


@pytest.mark.parametrize("to", [".", "..", "../..", "../../test"])
def test_a_link_back_is_counted_and_not_followed(to, tmp_path, said):
    """Else images would be there twice, and test images would become a class of their own to train on."""
    mine = two_classes(tmp_path)
    paint(mine / "test" / "cat" / "0.png")
    paint(mine / "test" / "dog" / "0.png")
    before = data.load("mine", tmp_path)
    (mine / "train" / "dog" / "again").symlink_to(to)
    scan._last.clear()
    after = data.load("mine", tmp_path)
    assert (after.class_names, len(after.train_images)) == (before.class_names, len(before.train_images))
    (line,) = (line for line in said if "left out" in line)
    assert "train/dog/again: a link back to a folder that is read already" in line


def test_test_images_that_are_the_training_images(tmp_path):
    mine = two_classes(tmp_path)
    (mine / "test").symlink_to("train")
    assert "test: a link back to a folder that is read already" in sentence("mine", tmp_path)


def test_a_class_may_be_a_link(tmp_path):
    mine = two_classes(tmp_path)
    paint(tmp_path / "elsewhere" / "a.png", GREEN)
    (mine / "train" / "owl").symlink_to(tmp_path / "elsewhere")
    (mine / "train" / "pup").symlink_to("dog")
    scan._last.clear()
    dataset = data.load("mine", tmp_path)
    assert dataset.class_names == ("cat", "dog", "owl", "pup")
    assert np.bincount(dataset.train_labels + 0).tolist()[3] >= 8


def test_names_that_look_the_same_are_one_class(tmp_path):
    """As a Mac writes an umlaut, and as Linux does: in training and test, and beside each other."""
    mac, linux = "Ka\u0308fer", "K\u00e4fer"
    for i in range(3):
        paint(tmp_path / "a" / "train" / mac / f"{i}.png", (100 + i, 0, 0))
        paint(tmp_path / "a" / "test" / linux / f"{i}.png", (200 + i, 0, 0))
        for part in ("train", "test"):
            paint(tmp_path / "a" / part / "Kz" / f"{i}.png", (0, 0, 100 + i))
    dataset = data.load("a", tmp_path)
    assert dataset.class_names == ("Kz", linux)
    assert dataset.train_labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert dataset.test_labels.tolist() == [0, 0, 0, 1, 1, 1]
    (tmp_path / "a" / "train" / mac).rename(tmp_path / "a" / "train" / linux)
    scan._last.clear()
    assert data.load("a", tmp_path) is not dataset
    assert data.digest("a", tmp_path) == archive.digest_of(dataset)  # so the set is the same on both
    paint(tmp_path / "a" / "train" / mac / "3.png", (103, 0, 0))
    scan._last.clear()
    assert np.bincount(data.load("a", tmp_path).train_labels).tolist() == [3, 4]


# --- the held-out tenth


def test_without_test_images_a_tenth_is_held_out_and_said(tmp_path, said):
    two_classes(tmp_path, 20)
    dataset = data.load("mine", tmp_path)
    assert len(dataset.train_labels) == 36
    assert len(dataset.test_labels) == 4
    seen, unseen = ({tuple(image[5, 5]) for image in part} for part in (dataset.train_images, dataset.test_images))
    assert len(seen) == 36
    assert len(unseen) == 4
    assert not seen & unseen
    assert "mine: no test/ or val/, so 4 of 40 images are held out as test images" in said


def test_the_tenth_is_fixed():
    classes = np.array(["a", "b"] * 15)
    chosen = folder.held_out(classes, np.ones(30, bool))
    assert np.flatnonzero(chosen).tolist() == HELD_OUT
    assert np.array_equal(chosen, folder.held_out(classes, np.ones(30, bool)))


HELD_OUT = [2, 3, 13]


def test_every_class_keeps_an_image_to_train_on():
    classes = np.array([*"abcdefghi", *"i" * 30])
    assert {*np.flatnonzero(folder.held_out(classes, np.ones(39, bool)))} <= set(range(8, 39))


def test_what_cannot_be_decoded_is_not_held_out():
    whole = np.arange(40) % 2 == 0
    chosen = folder.held_out(np.array(["a", "b"] * 20), whole)
    assert chosen.sum() == 2
    assert not (chosen & ~whole).any()


# --- any file that Pillow reads

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


# --- the digest


def test_the_digest_follows_the_folder(tmp_path):
    mine = two_classes(tmp_path)
    first = data.digest("mine", tmp_path)
    assert data.digest("mine", tmp_path) == first
    scan._last.clear()
    paint(mine / "train" / "cat" / "3.png", GREEN)
    second = data.digest("mine", tmp_path)
    scan._last.clear()
    (mine / "train" / "dog" / "5.png").unlink()
    third = data.digest("mine", tmp_path)
    assert len({first, second, third}) == 3


def test_a_set_is_decoded_once(tmp_path, monkeypatch):
    two_classes(tmp_path)
    first = data.load("mine", tmp_path)
    monkeypatch.setattr(pictures, "read", None)  # would be called
    assert data.load("mine", tmp_path) is first
    assert data.train_count("mine", tmp_path) == 17
    data.digest("mine", tmp_path)


def test_looking_takes_at_most_a_tenth_of_the_time(tmp_path, monkeypatch):
    two_classes(tmp_path)
    clock, looked = [0.0], []

    def look(path: Path) -> scan.Scan:
        looked.append(clock[0])
        clock[0] += 2
        return scan.Scan((), (), "", 0)

    monkeypatch.setattr(scan, "_scan", look)
    monkeypatch.setattr(scan.time, "monotonic", lambda: clock[0])
    for at in (0.0, 10.0, 21.9, 22.0, 30.0):
        clock[0] = max(clock[0], at)
        scan.scan(tmp_path)
    assert looked == [0.0, 22.0]


# --- bad input


def sentence(name: str, root: Path) -> str:
    """The message of the InputError that both load and digest raise."""
    with pytest.raises(InputError) as from_load:
        data.load(name, root)
    with pytest.raises(InputError) as from_digest:
        data.digest(name, root)
    assert str(from_digest.value) == str(from_load.value)
    assert "\n" not in str(from_load.value)
    return str(from_load.value)


def test_an_empty_folder(tmp_path):
    (tmp_path / "mine").mkdir()
    assert "nor an image folder mine with mine/train" in sentence("mine", tmp_path)
    (tmp_path / "mine" / "train").mkdir()
    assert "has no class folders with images" in sentence("mine", tmp_path)
    (tmp_path / "mine" / "train" / "cat").mkdir()
    assert "has no class folders with images" in sentence("mine", tmp_path)


def test_images_without_class_folders(tmp_path):
    paint(tmp_path / "mine" / "train" / "a.png")
    assert "put each class into a folder of its own" in sentence("mine", tmp_path)


def test_images_beside_the_class_folders_are_said_to_be_left_out(tmp_path, said):
    mine = two_classes(tmp_path)
    paint(mine / "train" / "a.png")
    (mine / "train" / "labels.csv").write_text("a table is no image")
    assert len(data.load("mine", tmp_path).train_labels) == 18
    assert f"mine: 1 of 21 files of {mine} are left out (train/a.png: in no class folder)" in said


def test_one_class_only(tmp_path):
    for i in range(9):
        paint(tmp_path / "mine" / "train" / "cat" / f"{i}.png")
    assert "only the class cat; at least 2 classes are needed" in sentence("mine", tmp_path)


def test_a_class_that_is_in_the_test_folder_only(tmp_path):
    mine = two_classes(tmp_path)
    paint(mine / "test" / "owl" / "0.png")
    assert f"{mine / 'test'} has images of the class owl" in sentence("mine", tmp_path)


def test_test_images_that_cannot_be_decoded(tmp_path):
    mine = two_classes(tmp_path)
    (mine / "test" / "cat").mkdir(parents=True)
    (mine / "test" / "cat" / "0.png").write_bytes(b"")
    said = sentence("mine", tmp_path)
    assert f"no image of {mine / 'test' / 'cat'} can be read (test/cat/0.png: no image that Pillow knows)" in said
    (mine / "test" / "cat" / "0.png").rename(mine / "test" / "cat" / "notes.txt")
    scan._last.clear()
    assert f"{mine / 'test'} has no image that can be decoded" in sentence("mine", tmp_path)


def test_two_images_in_all(tmp_path):
    two_classes(tmp_path, 1)
    assert "held-out tenth" in sentence("mine", tmp_path)


def break_images(mine: Path, count: int) -> None:
    """Empty, cut short, or no image at all."""
    paths = sorted((mine / "train").rglob("*.png"))[:count]
    for i, path in enumerate(paths):
        path.write_bytes((b"", path.read_bytes()[:60], b"these are not the images")[i % 3])


def test_undecodable_files_are_counted_named_and_left_out(tmp_path, said):
    break_images(two_classes(tmp_path), 5)
    dataset = data.load("mine", tmp_path)
    data.digest("mine", tmp_path)
    assert len(dataset.train_labels) + len(dataset.test_labels) == 15
    assert (dataset.train_images.reshape(-1, SIZE**2 * 3).max(1) >= 100).all()
    (line,) = [line for line in said if "left out" in line]
    assert line.startswith("mine: 5 of 20 files")
    assert (
        "(train/cat/0.png, train/cat/2.png, train/cat/3.png: no image that Pillow knows; train/cat/1.png, train" in line
    )
    assert line.removeprefix("mine: ") in dataset.notes  # for the data card


def test_each_reason_names_its_first_files() -> None:
    lost = [folder.Lost(f"train/a/{i}.png", "damaged" if i % 3 else "permission denied") for i in range(7)]
    assert folder.by_reason(lost) == (
        "train/a/0.png, train/a/3.png, train/a/6.png: permission denied; "
        "train/a/1.png, train/a/2.png, train/a/4.png and 1 more: damaged"
    )


def test_a_class_without_test_images_is_named(tmp_path, said):
    mine = two_classes(tmp_path)
    paint(mine / "test" / "cat" / "0.png")
    note = f"{mine / 'test'} has no image of dog, so nothing is said of how well these are known"
    assert note in data.load("mine", tmp_path).notes
    assert f"mine: {note}" in said
    paint(mine / "test" / "dog" / "0.png")
    scan._last.clear()
    assert not [text for text in data.load("mine", tmp_path).notes if "no image of" in text]


def test_half_may_be_undecodable_and_no_more(tmp_path, said):
    mine = two_classes(tmp_path)
    for i in range(9):
        (mine / "train" / "dog" / f"{i}.txt").write_text("half of them are fine")
    (mine / "train" / "notes").mkdir()  # no class
    (mine / "train" / "notes" / "0.txt").write_text("not even this")
    for i in range(10, 20):
        (mine / "train" / "cat" / f"{i}.png").symlink_to("/nonexistent")
    assert data.load("mine", tmp_path).class_names == ("cat", "dog")
    assert "20 of 40 files" in " ".join(said)
    (mine / "train" / "dog" / "0.png").write_bytes(b"")
    scan._last.clear()
    assert "21 of 40 files" in sentence("mine", tmp_path)


def test_a_class_of_which_nothing_can_be_read(tmp_path):
    """It would be missing, and the others be fewer classes than there are."""
    mine = two_classes(tmp_path)
    for i in range(10):
        paint(mine / "train" / "owl" / f"{i}.png")
    break_images(mine, 10)
    said = sentence("mine", tmp_path)
    assert f"no image of {mine / 'train' / 'cat'} can be read (train/cat/0.png: no image that Pillow knows)" in said
    assert "its class would be missing" in said


# --- what cannot be reached


def link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def serve(path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, socket.socket(socket.AF_UNIX) as server:
        patch.chdir(path.parent)  # the name of a socket must be short
        server.bind(path.name)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (link("/nonexistent/a.png"), "a link to nothing"),
        (link("a.png"), "a link to nothing"),  # to itself
        (os.mkfifo, "a pipe, a socket or a device"),  # which would be waited for
        (serve, "a pipe, a socket or a device"),
    ],
)
def test_what_is_no_file_is_counted_and_named(tmp_path, said, make, why):
    mine = two_classes(tmp_path)
    make(mine / "train" / "cat" / "a.png")
    dataset = data.load("mine", tmp_path)
    assert len(dataset.train_labels) == 18
    assert f"1 of 21 files of {mine} are left out (train/cat/a.png: {why})" in dataset.notes
    (mine / "train" / "owl").mkdir()
    make(mine / "train" / "owl" / "a.png")
    scan._last.clear()
    assert f"no image of {mine / 'train' / 'owl'} can be read" in sentence("mine", tmp_path)


@pytest.mark.parametrize("place", ["train/owl", "test", "train"])
def test_a_folder_that_is_a_link_to_nothing(tmp_path, place):
    mine = two_classes(tmp_path)
    if place == "train":
        (mine / "train").rename(tmp_path / "elsewhere")
    (mine / place).symlink_to("/nonexistent")
    assert sentence("mine", tmp_path).startswith(f"{mine / place} cannot be read (a link to nothing, /nonexistent)")


def locked(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Folders and files of these names may not be read, as a user who is not root meets them."""
    real = {"scandir": os.scandir, "open": builtins.open}

    def guarded(kind: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            if Path(os.fspath(path)).name in names:
                raise PermissionError(13, "Permission denied", str(path))
            return real[kind](path, *rest, **more)

        return call

    monkeypatch.setattr(os, "scandir", guarded("scandir"))
    monkeypatch.setattr(builtins, "open", guarded("open"))


def test_a_folder_that_may_not_be_read(tmp_path, monkeypatch):
    mine = two_classes(tmp_path)
    paint(mine / "train" / "owl" / "0.png")
    locked(monkeypatch, "owl")
    said = sentence("mine", tmp_path)
    assert said.startswith(f"{mine / 'train' / 'owl'} cannot be read (permission denied), and its images would be miss")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch, said):
    mine = two_classes(tmp_path)
    locked(monkeypatch, "3.png")
    assert len(data.load("mine", tmp_path).train_labels) == 17
    assert f"mine: 2 of 20 files of {mine} are left out (train/cat/3.png, train/dog/3.png: per" in " ".join(said)


def test_names_that_are_no_text_stand_on_one_line(tmp_path, capfd, monkeypatch):
    """Bytes that are no UTF-8 (which a Mac does not take), a line end, an escape sequence."""
    monkeypatch.setattr(folder, "to_terminal", to_terminal)
    mine = two_classes(tmp_path)
    name, written = ("A\n\x1b[31m", r"A\n\x1b[31m")
    if sys.platform != "darwin":
        name, written = f"{name}\udce4", rf"{written}\udce4"
    (mine / "train" / "cat").rename(mine / "train" / name)
    (mine / "train" / name / "a\r.png").symlink_to("/nonexistent")
    assert data.load("mine", tmp_path).class_names == (name, "dog")
    assert rf"(train/{written}/a\r.png: a link to nothing)" in capfd.readouterr().err
    (mine / "test").symlink_to("/nonexistent\n")
    scan._last.clear()
    assert r"a link to nothing, /nonexistent\n)" in sentence("mine", tmp_path)


def test_a_set_larger_than_free_memory(tmp_path, monkeypatch):
    two_classes(tmp_path)
    needed = 3 * 20 * SIZE * SIZE * 3
    monkeypatch.setattr(memory, "free_bytes", lambda: needed)
    assert len(data.load("mine", tmp_path).train_labels) == 18
    folder._read.cache_clear()
    folder._digest.cache_clear()
    monkeypatch.setattr(memory, "free_bytes", lambda: needed - 1)
    assert "mine needs 0.00018 GB of memory (3 copies of its images)" in sentence("mine", tmp_path)
    assert "and 0.00018 GB are free" in sentence("mine", tmp_path)
    monkeypatch.setattr(memory, "free_bytes", lambda: None)  # a system that tells nothing
    assert len(data.load("mine", tmp_path).train_labels) == 18


def test_memory_that_ends_while_reading_is_no_damage(tmp_path, monkeypatch):
    two_classes(tmp_path)
    monkeypatch.setattr(pictures, "decoded", lambda *_: (_ for _ in ()).throw(MemoryError()))
    assert "mine needs 0.00018 GB of memory" in sentence("mine", tmp_path)


def test_a_worker_says_nothing(monkeypatch, said):
    folder.say(Path("mine"), "once")
    monkeypatch.setattr(folder.multiprocessing, "parent_process", lambda: "a process")
    folder.say(Path("mine"), "twice")
    assert said == ["mine: once"]


# --- free memory


def test_free_memory_is_what_the_system_tells(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "LIMIT", tmp_path / "memory.max")
    everything = memory.free_bytes()
    assert everything is None or everything > 10**8
    memory.MEMINFO.write_text("MemTotal: 9000 kB\nMemAvailable:    4000 kB\n")
    assert memory.free_bytes() == 4_096_000
    memory.LIMIT.write_text("max\n")
    assert memory.free_bytes() == 4_096_000
    memory.LIMIT.write_text("1000000\n")
    assert memory.free_bytes() == 1_000_000
    memory.MEMINFO.write_text("nonsense")
    assert memory.free_bytes() == 1_000_000
