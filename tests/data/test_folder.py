"""Image folders: what is read and as what, what is held out, and the digest."""

from pathlib import Path

import numpy as np
import pytest

from anatomy import data
from anatomy.data import archive, folder, pictures, scan
from anatomy.errors import InputError
from image_folders import GREEN, SIZE, paint, sentence, two_classes

pytestmark = pytest.mark.usefixtures("said")


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
