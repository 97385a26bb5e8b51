"""What `data.load`, `digest` and `split` promise, and what they say to each kind of bad input."""

import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from anatomy import data
from anatomy.data import archive, memory, npz
from anatomy.data.image_set import ImageSet
from anatomy.errors import InputError


def arrays(**changes: object) -> dict[str, np.ndarray]:
    """A whole archive of 3 classes, 40 + 20 images of 8 x 8; `name=None` leaves an array out."""
    generator = np.random.default_rng(0)
    whole = {
        "train_images": generator.integers(0, 256, (40, 8, 8, 3), dtype=np.uint8),
        "train_labels": np.arange(40, dtype=np.uint8) % 3,
        "test_images": generator.integers(0, 256, (20, 8, 8, 3), dtype=np.uint8),
        "test_labels": np.arange(20, dtype=np.uint8) % 3,
        "class_names": np.array(["ant", "bee", "cat"]),
    }
    return {name: array for name, array in (whole | changes).items() if array is not None}


def write(folder: Path, name: str = "mine", **changes: object) -> Path:
    path = folder / f"{name}.npz"
    np.savez(path, **arrays(**changes))
    return path


# --- what is read


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64, np.uint64])
def test_an_archive_is_read_as_it_is(tmp_path, kind):
    write(tmp_path, train_labels=(np.arange(40) % 3).astype(kind))
    dataset, whole = data.load("mine", tmp_path), arrays()
    assert dataset.name == "mine"
    assert dataset.class_names == ("ant", "bee", "cat")
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.int64
    for name in archive.ARRAYS:
        np.testing.assert_array_equal(getattr(dataset, name), whole[name])


def test_without_names_a_class_is_called_by_its_number(tmp_path):
    write(tmp_path, class_names=None)
    assert data.load("mine", str(tmp_path)).class_names == ("0", "1", "2")


def test_a_set_is_read_once_and_again_when_the_file_changes(tmp_path):
    write(tmp_path)
    first = data.load("mine", tmp_path)
    assert data.load("mine", tmp_path) is first
    write(tmp_path, class_names=np.array(["ant", "bee", "caterpillar"]))
    assert data.load("mine", tmp_path).class_names[2] == "caterpillar"


def test_what_all_share_cannot_be_written(tmp_path):
    write(tmp_path)
    with pytest.raises(ValueError, match="read-only"):
        data.load("mine", tmp_path).train_images[0] = 0


# --- the digest


def test_the_digest_stands_for_the_content(tmp_path):
    """How labels are stored or the file is compressed does not matter; one pixel or one label does."""
    write(tmp_path)
    found = data.digest("mine", tmp_path)
    assert re.fullmatch("[0-9a-f]{16}", found)
    np.savez_compressed(tmp_path / "same.npz", **arrays(train_labels=np.arange(40) % 3, class_names=None))
    assert data.digest("same", tmp_path) == found
    for name in archive.ARRAYS:
        changed = arrays()[name].copy()
        changed.flat[5] = (changed.flat[5] + 1) % 3
        write(tmp_path, "other", **{name: changed})
        assert data.digest("other", tmp_path) != found


def test_the_digest_follows_the_file(tmp_path):
    write(tmp_path)
    before = data.digest("mine", tmp_path)
    write(tmp_path, train_labels=(np.arange(40) + 1) % 3)
    assert data.digest("mine", tmp_path) != before


def test_the_digest_of_a_known_set_needs_no_file():
    assert set(data.KNOWN) == {"shapes", "cifar10", "cifar100"}
    for name, known in data.KNOWN.items():
        assert data.digest(name) == known
        assert re.fullmatch("[0-9a-f]{16}", known)


def test_an_own_file_under_a_known_name_has_its_own_digest(tmp_path):
    """Or a stranger's images would be taken for the ones of a published run."""
    write(tmp_path, "cifar10")
    assert data.digest("cifar10", tmp_path) != data.KNOWN["cifar10"]
    assert data.digest("shapes", tmp_path) == data.KNOWN["shapes"]


def test_the_real_archive_is_the_known_one(real_images):
    assert data.digest("cifar10", real_images) == data.KNOWN["cifar10"]
    dataset = data.load("cifar10", real_images)
    assert dataset.train_images.shape == (50_000, 32, 32, 3)
    assert np.bincount(dataset.test_labels).tolist() == [1000] * 10
    assert "frog" in dataset.class_names


# --- the split


def numbered(count: int, test: int = 5) -> data.Dataset:
    """Images that carry their own number, so that it can be seen where they went."""

    def images(n: int) -> np.ndarray:
        number = np.arange(n)
        return np.stack([number % 256, number // 256, 0 * number], 1).astype(np.uint8).reshape(n, 1, 1, 3)

    return data.Dataset("numbered", images(count), np.arange(count), images(test), np.arange(test), ("a", "b"))


def test_held_out_is_a_tenth_that_is_never_trained_on():
    (images, labels), (unseen, unseen_labels) = data.split(numbered(3000))
    assert len(images) == 2700
    assert len(unseen) == 300
    assert sorted([*labels, *unseen_labels]) == list(range(3000))
    np.testing.assert_array_equal(images, numbered(3000).train_images[labels])
    np.testing.assert_array_equal(unseen, numbered(3000).train_images[unseen_labels])


@pytest.mark.parametrize(("images", "unseen"), [(100, 200), (600, 300), (2700, 500), (4500, 500)])
def test_few_images_are_the_first_of_all_and_so_are_the_unseen(images, unseen):
    """A tenth of 5000 is 500; of a small run at most half as many as trained on, but 200."""
    (_, all_labels), (_, all_unseen) = data.split(numbered(5000))
    (_, labels), (_, unseen_labels) = data.split(numbered(5000), images=images)
    np.testing.assert_array_equal(labels, all_labels[:images])
    np.testing.assert_array_equal(unseen_labels, all_unseen[:unseen])


def test_test_images_are_used_when_asked_for_and_then_all_are_trained_on():
    (_, labels), (_, test) = data.split(numbered(300), evaluate_on="test")
    assert sorted(labels) == list(range(300))
    assert test.tolist() == [0, 1, 2, 3, 4]
    (_, few), _ = data.split(numbered(300), images=20, evaluate_on="test")
    np.testing.assert_array_equal(few, labels[:20])


def test_the_order_is_fixed():
    """Published runs were trained on these nine tenths; NumPy's own `permutation` is not promised to stay."""
    (_, labels), (_, unseen) = data.split(numbered(50))
    assert unseen.tolist() == UNSEEN
    assert labels[:5].tolist() == SEEN


UNSEEN = [11, 3, 20, 13, 2]
SEEN = [48, 21, 32, 15, 46]


@pytest.mark.parametrize("images", [0, -1, 46, 10**9])
def test_more_images_than_there_are_is_an_error(images):
    with pytest.raises(InputError, match=f"images = {images}; numbered has 1 to 45 to train on"):
        data.split(numbered(50), images=images)


# --- the tensor


def test_an_image_set_has_the_channels_in_front(tmp_path):
    write(tmp_path)
    dataset = data.load("mine", tmp_path)
    images = ImageSet.of(dataset.train_images, dataset.train_labels, "cpu")
    assert len(images) == 40
    assert images.images.dtype == torch.uint8
    assert images.images.shape == (40, 3, 8, 8)
    assert images.images.is_contiguous()
    assert images.images[7, 2, 3, 5] == dataset.train_images[7, 3, 5, 2]
    assert images.labels.tolist() == dataset.train_labels.tolist()
    assert images.to("cpu").images.equal(images.images)


def test_an_image_set_is_a_copy(tmp_path):
    """Also where numpy could share the memory (1 x 1 images): the set behind it is read by all."""
    dataset = numbered(4)
    images = ImageSet.of(dataset.train_images, dataset.train_labels)
    images.images.zero_()
    images.labels.zero_()
    assert dataset.train_images.any()
    assert dataset.train_labels.any()


# --- bad input: one sentence each, before anything is made

WRONG = {
    "no train images": ({"train_images": None}, "no array train_images"),
    "no test labels": ({"test_labels": None}, "no array test_labels"),
    "float images": ({"train_images": np.zeros((40, 8, 8, 3))}, "train_images .* are float64; they must be uint8"),
    "channels in front": ({"train_images": np.zeros((40, 3, 8, 8), np.uint8)}, r"train_images .* \[N, H, W, 3\]"),
    "gray images": ({"test_images": np.zeros((20, 8, 8), np.uint8)}, r"test_images .* \[20, 8, 8\]"),
    "no images": ({"train_images": np.zeros((0, 8, 8, 3), np.uint8)}, r"train_images .* \[0, 8, 8, 3\]"),
    "other size in test": ({"test_images": np.zeros((20, 9, 8, 3), np.uint8)}, "both must be equal"),
    "float labels": ({"train_labels": np.zeros(40)}, "train_labels .* are float64; they must be integers"),
    "labels as text": ({"test_labels": np.array(["ant"] * 20)}, "test_labels .* must be integers"),
    "too few labels": ({"train_labels": np.arange(39) % 3}, r"train_labels .* \[39\]; it must be \[40\]"),
    "too many labels": ({"test_labels": np.arange(21) % 3}, r"test_labels .* \[21\]; it must be \[20\]"),
    "labels in a column": ({"train_labels": np.zeros((40, 1), int)}, r"train_labels .* \[40, 1\]"),
    "a single label": ({"train_labels": np.int64(1)}, r"train_labels .* \[\]; it must be \[40\]"),
    "a label too high": ({"train_labels": np.arange(40) % 4}, "train_labels .* contain 3; labels must be 0 to 2"),
    "a label too high in test": ({"test_labels": np.arange(20) % 5}, "test_labels .* contain 3; labels must be 0 to 2"),
    "a negative label": ({"train_labels": np.arange(40) % 3 - 1}, "contain -1; labels must be 0 to 2"),
    "a wild label": ({"train_labels": np.arange(40) * 10**15, "class_names": None}, "labels must be 0 to"),
    "unknown in training": ({"test_labels": np.arange(20), "class_names": None}, "contain 3; labels must be 0 to 2"),
    "one class": ({"train_labels": np.ones(40, int)}, "are all 1; at least 2 classes are needed"),
    "missing in training": (
        {"train_labels": np.arange(40) % 2 * 2, "class_names": None},
        "test_labels .* contain 1, which train_labels do not",
    ),
    "pickled images": ({"train_images": np.array([{}] * 40)}, "train_images .* objects.* save numbers: np.stack"),
    "pickled labels": ({"test_labels": np.array([0, "a"] * 10, object)}, r"test_labels .* dtype=np.int64\)"),
    "pickled names": (
        {"class_names": np.array(["ant", 1, None], dtype=object)},
        r"class_names .* save texts, not objects: np.array\(names, dtype=str\)",
    ),
    "names that are numbers": ({"class_names": np.arange(3)}, "class_names .* must be a list of texts"),
}


def sentence(name: str, data_root: object) -> str:
    """The message of the InputError that both load and digest raise."""
    with pytest.raises(InputError) as from_load:
        data.load(name, data_root)
    if not (name in data.KNOWN and data_root is None):
        with pytest.raises(InputError) as from_digest:
            data.digest(name, data_root)
        assert str(from_digest.value) == str(from_load.value)
    assert "\n" not in str(from_load.value)
    return str(from_load.value)


@pytest.mark.parametrize(("changes", "says"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_archive_is_reported_in_one_sentence(tmp_path, changes, says):
    path = write(tmp_path, **changes)
    message = sentence("mine", tmp_path)
    assert re.search(says, message), message
    assert str(path) in message


CUT, FOREIGN = "is damaged or cut short", "is no NumPy archive"
DAMAGES = {
    "empty": (lambda whole: b"", FOREIGN),
    "text": (lambda whole: b"these are not the images you are looking for", FOREIGN),
    "cut to half": (lambda whole: whole[: len(whole) // 2], CUT),
    "cut by a byte": (lambda whole: whole[:-1], CUT),
    "flipped bits": (lambda whole: whole[:3000] + bytes(255 - b for b in whole[3000:3100]) + whole[3100:], CUT),
    "a shape that is not there": (lambda whole: whole.replace(b"(40, 8, 8, 3)", b"(41, 8, 8, 3)"), CUT),
    "a header that is none": (lambda whole: whole.replace(b"'descr'", b"'desc '"), "is not as numpy.savez writes it"),
    "no array at all": (lambda whole: whole.replace(b"\x93NUMPY", b"\x93NAMPY"), "is not as numpy.savez writes it"),
    "a password": (lambda whole: as_encrypted(whole), "is not as numpy.savez writes it"),
}


def as_encrypted(whole: bytes) -> bytes:
    """The flag of a password at each array in the archive's own list."""
    return re.sub(rb"(PK\x01\x02....)..", lambda found: found[1] + b"\x01\x00", whole, flags=re.DOTALL)


@pytest.mark.parametrize(("damage", "says"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_archive_is_reported_in_one_sentence(tmp_path, monkeypatch, damage, says):
    # Bytes that were replaced have another checksum, which is not what these are about.
    monkeypatch.setattr(zipfile.ZipExtFile, "_update_crc", zipfile.ZipExtFile._update_crc if says == CUT else noop)
    path = write(tmp_path)
    path.write_bytes(damage(path.read_bytes()))
    message = sentence("mine", tmp_path)
    assert f"{path} {says}" in message
    assert ("cut short" in message) == (says == CUT)


def noop(*_: object) -> None:
    pass


def test_an_archive_larger_than_free_memory(tmp_path, monkeypatch):
    """40 + 20 images of 192 bytes and their labels and names, three times."""
    path = write(tmp_path)
    content = 60 * 192 + 60 + 3 * 3 * 4
    monkeypatch.setattr(memory, "free_bytes", lambda: 3 * content - 1)
    assert f"{path} needs 3.5e-05 GB of memory (3 copies of its images), and 3.5e-05 GB are free" in sentence(
        "mine", tmp_path
    )
    monkeypatch.setattr(memory, "free_bytes", lambda: 3 * content)
    assert len(data.load("mine", tmp_path).train_labels) == 40


def test_memory_that_ends_while_reading_is_no_damage(tmp_path, monkeypatch):
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    write(tmp_path)
    monkeypatch.setattr(npz.npy, "read_array", fail)
    message = sentence("mine", tmp_path)
    assert "needs 3.5e-05 GB of memory" in message
    assert "cut short" not in message


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: os.mkfifo(path), "a pipe, a socket or a device"),  # which would be waited for
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.symlink_to("/nonexistent/mine.npz"), "a link to /nonexistent/mine.npz, which is not there"),
    ],
)
def test_what_is_no_file_is_named(tmp_path, make, says):
    make(tmp_path / "mine.npz")
    assert f"mine.npz is no file that can be read ({says})" in sentence("mine", tmp_path)


def test_an_archive_that_may_not_be_read(tmp_path, monkeypatch):
    """As a user who is not root meets it."""

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path)
    monkeypatch.setattr(Path, "open", refuse)
    assert sentence("mine", tmp_path) == f"{path} cannot be read (Permission denied)"


def test_a_single_array_is_no_archive(tmp_path):
    with (tmp_path / "mine.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    assert "single array" in sentence("mine", tmp_path)


def test_a_missing_archive_is_answered_with_the_nearest(tmp_path):
    write(tmp_path, "cifar10")
    message = sentence("cifra10", tmp_path)
    assert f"no cifra10.npz in data_root {tmp_path}" in message
    assert "did you mean cifar10?" in message
    assert "did you mean shapes?" in sentence("shape", tmp_path)


def test_a_name_cannot_leave_the_folder(tmp_path):
    write(tmp_path)
    (tmp_path / "inner").mkdir()
    assert "no ../mine.npz" in sentence("../mine", tmp_path / "inner")


def test_a_missing_folder_is_named(tmp_path):
    assert f"{tmp_path / 'none'} is not a folder" in sentence("cifar10", tmp_path / "none")
    path = write(tmp_path)
    assert "mine.npz is not a folder" in sentence("mine", path)


def test_a_folder_of_nobody(tmp_path):
    message = "data_root is '~nobody_here/data', but there is no user 'nobody_here' here"
    assert message in sentence("mine", "~nobody_here/data")
    assert "which cannot be looked at: File name too long" in sentence("mine", tmp_path / ("a" * 5000))


def test_a_name_in_another_unicode_form(tmp_path):
    """As macOS writes it and as it is typed."""
    write(tmp_path, "Ka\u0308fer")
    assert data.digest("K\u00e4fer", tmp_path) == data.digest("Ka\u0308fer", tmp_path)
    write(tmp_path, "K\u00e4fer", train_labels=(np.arange(40) + 1) % 3)
    assert data.digest("K\u00e4fer", tmp_path) != data.digest("Ka\u0308fer", tmp_path)


def test_without_a_folder_only_shapes_is_there():
    assert "cifar10 needs data_root" in sentence("cifar10", None)
    assert "did you mean cifar10?" in sentence("cifar-10", None)
    with pytest.raises(InputError, match="did you mean shapes"):
        data.digest("shape")
