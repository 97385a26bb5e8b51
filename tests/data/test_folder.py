"""Image folders: what is read and as what, what is held out, and what is said to folders that are none."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from anatomy import data
from anatomy.data import folder, memory, pictures
from anatomy.errors import InputError

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


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said on the terminal; and every look at a folder is a new one."""
    lines: list[str] = []
    monkeypatch.setattr(folder, "to_terminal", lines.append)
    monkeypatch.setattr(folder, "_last", {})
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
    folder._last.clear()
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


def test_hidden_files_pipes_and_links_above_themselves(tmp_path, said):
    mine = two_classes(tmp_path)
    before = data.digest("mine", tmp_path)
    (mine / "train" / "cat" / "._0.png").write_bytes(b"what a Mac leaves on other disks")
    paint(mine / "train" / ".thumbnails" / "0.png")
    os.mkfifo(mine / "train" / "dog" / "pipe")
    (mine / "train" / "dog" / "again").symlink_to(mine / "train")
    said.clear()
    assert data.digest("mine", tmp_path) == before
    assert not [line for line in said if "cannot" in line]


def test_a_class_may_be_a_link(tmp_path):
    mine = two_classes(tmp_path)
    paint(tmp_path / "elsewhere" / "a.png", GREEN)
    (mine / "train" / "owl").symlink_to(tmp_path / "elsewhere")
    assert data.load("mine", tmp_path).class_names == ("cat", "dog", "owl")


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
    found = pictures.decoded(path, SIZE)
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
    assert np.unique(pictures.decoded(tmp_path / name, SIZE)).tolist() == [expected]


def test_floats_that_are_no_numbers(tmp_path):
    values = np.full((30, 40), 0.5, np.float32)
    values[0, 0], values[1, 1] = np.nan, -3
    Image.fromarray(values).save(tmp_path / "a.tiff")
    assert np.median(pictures.decoded(tmp_path / "a.tiff", SIZE)) == 128


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path, mode):
    paint(tmp_path / "a.png", (0,) * len(mode), mode)
    assert (pictures.decoded(tmp_path / "a.png", SIZE) == 255).all()


def test_a_transparent_color_of_a_palette_is_white(tmp_path):
    image = Image.new("P", (40, 30), 1)
    image.putpalette([*RED, *BLUE])
    image.save(tmp_path / "a.png", transparency=1)
    assert (pictures.decoded(tmp_path / "a.png", SIZE) == 255).all()


def test_the_first_frame(tmp_path):
    frames = [Image.new("RGB", (40, 30), color) for color in (GREEN, BLUE)]
    frames[0].save(tmp_path / "a.webp", save_all=True, append_images=frames[1:], lossless=True)
    assert pictures.decoded(tmp_path / "a.webp", SIZE)[16, 16].tolist() == list(GREEN)


def test_images_stand_upright(tmp_path):
    """Stored lying on its side with a note in EXIF (6: turn clockwise): its left half is what belongs on top."""
    image = Image.new("RGB", (64, 64), BLUE)
    image.paste(GREEN, (0, 0, 32, 64))
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "a.png", exif=exif)
    found = pictures.decoded(tmp_path / "a.png", SIZE)
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
    assert (pictures.decoded(tmp_path / "a.png", SIZE)[1:-1, 1:-1] == GREEN).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 500), (33, 31)])
def test_odd_sizes(tmp_path, size):
    found = pictures.decoded(paint(tmp_path / "a.png", RED, size=size), SIZE)
    assert (found == RED).all()


def test_a_large_jpeg_is_the_same_picture(tmp_path):
    """It is decoded at a fraction of its size, which must not move or darken anything."""
    ramp = np.linspace(0, 255, 1600).astype(np.uint8)
    Image.fromarray(np.stack([np.tile(ramp, (1600, 1))] * 3, 2)).save(tmp_path / "a.jpg", quality=95)
    found = pictures.decoded(tmp_path / "a.jpg", SIZE).astype(float)
    expected = ramp.reshape(SIZE, -1).mean(1)
    np.testing.assert_allclose(found, np.broadcast_to(expected[:, None], found.shape), atol=3)


def test_a_small_jpeg_keeps_its_edges(tmp_path):
    halves = np.zeros((200, 200, 3), np.uint8)
    halves[:, 100:] = 255
    Image.fromarray(halves).save(tmp_path / "a.jpg", quality=95)
    found = pictures.decoded(tmp_path / "a.jpg", SIZE)
    assert found[:, SIZE // 2 - 1].max() < 40
    assert found[:, SIZE // 2].min() > 215


# --- the digest


def test_the_digest_follows_the_folder(tmp_path):
    mine = two_classes(tmp_path)
    first = data.digest("mine", tmp_path)
    assert data.digest("mine", tmp_path) == first
    folder._last.clear()
    paint(mine / "train" / "cat" / "3.png", GREEN)
    second = data.digest("mine", tmp_path)
    folder._last.clear()
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

    def look(path: Path) -> folder.Scan:
        looked.append(clock[0])
        clock[0] += 2
        return folder.Scan((), (), "", 0)

    monkeypatch.setattr(folder, "_scan", look)
    monkeypatch.setattr(folder.time, "monotonic", lambda: clock[0])
    for at in (0.0, 10.0, 21.9, 22.0, 30.0):
        clock[0] = max(clock[0], at)
        folder.scan(tmp_path)
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
    (line,) = [line for line in said if "cannot be decoded" in line]
    assert "5 of 20 files" in line
    assert "train/cat/0.png, train/cat/1.png, train/cat/2.png, ..." in line


def test_half_may_be_undecodable_and_no_more(tmp_path):
    mine = two_classes(tmp_path)
    (mine / "train" / "dog" / "notes.txt").write_text("half of them are fine")
    paint(mine / "train" / "dog" / "zebra.png")
    break_images(mine, 10)
    assert "11 of 22 files" in sentence_of_success(tmp_path)
    folder._last.clear()
    (mine / "train" / "dog" / "zebra.png").write_bytes(b"")
    assert "12 of 22 files" in sentence("mine", tmp_path)


def sentence_of_success(root: Path) -> str:
    lines: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folder, "to_terminal", lines.append)
        with pytest.raises(InputError, match="only the class dog"):  # every cat is broken
            data.load("mine", root)
    return " ".join(lines)


def test_a_set_larger_than_free_memory(tmp_path, monkeypatch):
    two_classes(tmp_path)
    needed = 3 * 20 * SIZE * SIZE * 3
    monkeypatch.setattr(folder, "free_bytes", lambda: needed)
    assert len(data.load("mine", tmp_path).train_labels) == 18
    folder._read.cache_clear()
    folder._digest.cache_clear()
    monkeypatch.setattr(folder, "free_bytes", lambda: needed - 1)
    assert "has 20 images, which need 0.00018 GB" in sentence("mine", tmp_path)
    assert "and 0.00018 GB are free" in sentence("mine", tmp_path)
    monkeypatch.setattr(folder, "free_bytes", lambda: None)  # a system that tells nothing
    assert len(data.load("mine", tmp_path).train_labels) == 18


def test_a_worker_says_nothing(monkeypatch, said):
    folder.say("once")
    monkeypatch.setattr(folder.multiprocessing, "parent_process", lambda: "a process")
    folder.say("twice")
    assert said == ["once"]


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
