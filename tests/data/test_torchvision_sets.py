"""torchvision's sets, from tiny files in its own formats; nothing here reaches the internet.

The official checksums are replaced by those of the tiny files, so torchvision checks them as it always does.
"""

import gzip
import hashlib
import io
import pickle
import socket
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
from scipy.io import savemat
from torchvision import datasets

from anatomy import data
from anatomy.data import torchvision_sets
from anatomy.errors import InputError


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No internet; and what is said on the terminal."""

    def unreachable(*_: object, **__: object) -> None:
        raise URLError("no route to host")

    lines: list[str] = []
    monkeypatch.setattr(urllib.request, "urlopen", unreachable)
    monkeypatch.setattr(torchvision_sets, "to_terminal", lines.append)
    return lines


def pixels(count: int, side: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, side, side, 3), dtype=np.uint8)


def written(path: Path, content: bytes) -> str:
    """The file's checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return hashlib.md5(content).hexdigest()


def flat(images: np.ndarray) -> np.ndarray:
    """[N, H, W, 3] -> [N, 3 H W], channels first, as CIFAR and STL-10 store them."""
    return images.transpose(0, 3, 1, 2).reshape(len(images), -1)


TRAIN, TEST = 20, 4


def cifar(root: Path, patch: pytest.MonkeyPatch, kind: str = "CIFAR10") -> tuple[np.ndarray, ...]:
    """Five batches of 4 (CIFAR-10) or one of 20 (CIFAR-100), and one of 4 for test."""
    known = getattr(datasets, kind)
    train, test, labels = pixels(TRAIN, 32, 0), pixels(TEST, 32, 1), np.arange(TRAIN) % 3
    key, names = ("labels", "label_names") if kind == "CIFAR10" else ("fine_labels", "fine_label_names")
    base = root / known.base_folder
    parts = np.split(np.arange(TRAIN), len(known.train_list))

    def batch(name: str, images: np.ndarray, classes: np.ndarray) -> list[str]:
        content = {"data": flat(images), key: classes.tolist()}
        return [name, written(base / name, pickle.dumps(content))]

    of_train = [batch(n, train[part], labels[part]) for (n, _), part in zip(known.train_list, parts, strict=True)]
    patch.setattr(known, "train_list", of_train)
    patch.setattr(known, "test_list", [batch(known.test_list[0][0], test, labels[:TEST])])
    name = known.meta["filename"]
    checksum = written(base / name, pickle.dumps({names: ["ant", "bee", "cat"]}))
    patch.setattr(known, "meta", {"filename": name, "key": names, "md5": checksum})
    return train, labels, test, labels[:TEST]


def cifar100(root: Path, patch: pytest.MonkeyPatch) -> tuple[np.ndarray, ...]:
    return cifar(root, patch, "CIFAR100")


def stl10(root: Path, patch: pytest.MonkeyPatch) -> tuple[np.ndarray, ...]:
    """Columns before rows, labels from 1; the 2.6 GB of unlabelled images are not there."""
    train, test, labels = pixels(TRAIN, 96, 0), pixels(TEST, 96, 1), np.arange(TRAIN) % 3
    base = root / "stl10_binary"
    lists = {}
    for part, images in (("train", train), ("test", test)):
        turned = images.transpose(0, 3, 2, 1).tobytes()
        counted = (labels[: len(images)] + 1).astype(np.uint8).tobytes()
        files = {f"{part}_X.bin": turned, f"{part}_y.bin": counted}
        lists[part] = [[name, written(base / name, content)] for name, content in files.items()]
    (base / "class_names.txt").write_text("ant\nbee\ncat\n")
    patch.setattr(datasets.STL10, "train_list", [*lists["train"], ["unlabeled_X.bin", "0" * 32]])
    patch.setattr(datasets.STL10, "test_list", lists["test"])
    return train, labels, test, labels[:TEST]


def svhn(root: Path, patch: pytest.MonkeyPatch) -> tuple[np.ndarray, ...]:
    """Images last in the array; the digit 0 has the label 10."""
    train, test, labels = pixels(TRAIN, 32, 0), pixels(TEST, 32, 1), np.arange(TRAIN) % 3
    splits = {}
    for part, images in (("train", train), ("test", test)):
        whole, digits = io.BytesIO(), np.where(labels == 0, 10, labels)[: len(images), None].astype(np.uint8)
        savemat(whole, {"X": images.transpose(1, 2, 3, 0), "y": digits})
        name = f"{part}_32x32.mat"
        splits[part] = [f"http://nowhere.invalid/{name}", name, written(root / name, whole.getvalue())]
    patch.setattr(datasets.SVHN, "split_list", splits)
    return train, labels, test, labels[:TEST]


def fashion_mnist(root: Path, patch: pytest.MonkeyPatch) -> tuple[np.ndarray, ...]:
    """idx files, gray: unpacked, as torchvision leaves them."""
    train, test, labels = pixels(TRAIN, 28, 0), pixels(TEST, 28, 1), np.arange(TRAIN) % 3
    grays = []
    for part, images in (("train", train), ("t10k", test)):
        gray, base = np.ascontiguousarray(images[..., 0]), root / "FashionMNIST" / "raw"
        count = len(gray)
        written(base / f"{part}-images-idx3-ubyte", struct.pack(">4i", 0x803, count, 28, 28) + gray.tobytes())
        written(base / f"{part}-labels-idx1-ubyte", struct.pack(">2i", 0x801, count) + bytes(labels[:count].tolist()))
        grays.append(np.stack([gray] * 3, 3))
    return grays[0], labels, grays[1], labels[:TEST]


WRITERS = {"cifar10": cifar, "cifar100": cifar100, "stl10": stl10, "svhn": svhn, "fashion_mnist": fashion_mnist}
SIDES = {"stl10": 96, "fashion_mnist": 28}


def test_every_set_is_tested():
    assert set(WRITERS) == set(torchvision_sets.SETS)


@pytest.mark.parametrize("name", WRITERS)
def test_images_labels_and_names(tmp_path, monkeypatch, said, name):
    expected = WRITERS[name](tmp_path, monkeypatch)
    dataset = data.load(name, tmp_path)
    side = SIDES.get(name, 32)
    assert dataset.name == name
    assert dataset.train_images.shape == (TRAIN, side, side, 3)
    assert dataset.train_images.dtype == dataset.test_images.dtype == np.uint8
    assert dataset.train_labels.dtype == dataset.test_labels.dtype == np.int64
    for array, wanted in zip(data.archive.ARRAYS, expected, strict=True):
        np.testing.assert_array_equal(getattr(dataset, array), wanted)
    names = {"svhn": ("0", "1", "2"), "fashion_mnist": tuple(datasets.FashionMNIST.classes)}
    assert dataset.class_names == names.get(name, ("ant", "bee", "cat"))
    assert data.train_count(name, tmp_path) == 18
    assert data.load(name, tmp_path) is dataset
    assert said == []


@pytest.mark.parametrize("name", WRITERS)
def test_the_digest_is_that_of_the_arrays(tmp_path, monkeypatch, name):
    """A run on torchvision's files and one on the archive with the same content are the same run."""
    expected = WRITERS[name](tmp_path, monkeypatch)
    (tmp_path / "archive").mkdir()
    np.savez(tmp_path / "archive" / f"{name}.npz", **dict(zip(data.archive.ARRAYS, expected, strict=True)))
    assert data.digest(name, tmp_path) == data.digest(name, tmp_path / "archive")


def test_the_archive_comes_first(tmp_path, monkeypatch):
    cifar(tmp_path, monkeypatch)
    images, labels = pixels(6, 8, 7), np.arange(6) % 2
    arrays = dict(zip(data.archive.ARRAYS, (images, labels, images, labels), strict=True))
    np.savez(tmp_path / "cifar10.npz", **arrays)
    assert data.load("cifar10", tmp_path).train_images.shape == (6, 8, 8, 3)


# --- the download


class Answer(io.BytesIO):
    """What urlopen gives."""

    def __init__(self, url: str, content: bytes) -> None:
        super().__init__(content)
        self.url, self.headers, self.length = url, {"Content-Length": str(len(content))}, len(content)


def served(files: dict[str, bytes], patience: list[float | None]) -> object:
    """A urlopen that knows these files, by the end of their address."""

    def urlopen(request: urllib.request.Request | str, *_: object, **__: object) -> Answer:
        url = request if isinstance(request, str) else request.full_url
        patience.append(socket.getdefaulttimeout())
        return Answer(url, files[url.rpartition("/")[2]])

    return urlopen


def test_what_is_not_there_is_downloaded(tmp_path, monkeypatch, said, capfd):
    expected = svhn(tmp_path / "there", monkeypatch)
    files = {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()}
    patience: list[float | None] = []
    monkeypatch.setattr(urllib.request, "urlopen", served(files, patience))
    (tmp_path / "here").mkdir()
    dataset = data.load("svhn", tmp_path / "here")
    np.testing.assert_array_equal(dataset.train_images, expected[0])
    assert said == [f"svhn: no whole files in {tmp_path / 'here'}; torchvision downloads 246 MB to it"]
    assert set(patience) == {torchvision_sets.TIMEOUT}
    assert socket.getdefaulttimeout() is None
    assert capfd.readouterr() == ("", "")


def test_packed_files_are_unpacked_without_the_internet(tmp_path, monkeypatch):
    expected = fashion_mnist(tmp_path, monkeypatch)
    resources = []
    for path in sorted((tmp_path / "FashionMNIST" / "raw").iterdir()):
        content = gzip.compress(path.read_bytes())
        path.unlink()
        resources.append((f"{path.name}.gz", written(path.with_name(f"{path.name}.gz"), content)))
    monkeypatch.setattr(datasets.FashionMNIST, "resources", resources)
    np.testing.assert_array_equal(data.load("fashion_mnist", tmp_path).test_images, expected[2])


@pytest.mark.parametrize("name", WRITERS)
def test_without_the_internet_one_sentence_says_what_to_put_where(tmp_path, name, said):
    for ask in (data.load, data.digest, data.train_count):
        with pytest.raises(InputError) as caught:
            ask(name, tmp_path)
        message = str(caught.value)
        assert "\n" not in message
        assert f"there is no {name}.npz in data_root {tmp_path}" in message
        assert "download failed" in message
        assert f"put {name}.npz or {torchvision_sets.SETS[name].files} there" in message
    assert len(said) == 3


DAMAGED = {"cifar10": "cifar-10-batches-py/data_batch_2", "stl10": "stl10_binary/test_X.bin", "svhn": "train_32x32.mat"}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_not_read(tmp_path, monkeypatch, name):
    """A pickle with another checksum above all: it could run code."""
    WRITERS[name](tmp_path, monkeypatch)
    path = tmp_path / DAMAGED[name]
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(pickle, "load", None)
    with pytest.raises(InputError, match="download failed"):
        data.load(name, tmp_path)


def test_a_file_without_a_checksum_that_is_cut_short(tmp_path, monkeypatch):
    fashion_mnist(tmp_path, monkeypatch)
    path = tmp_path / "FashionMNIST" / "raw" / "t10k-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InputError, match="nor whole files of torchvision's"):
        data.load("fashion_mnist", tmp_path)


def test_without_a_folder_it_needs_one():
    with pytest.raises(InputError, match="svhn needs data_root"):
        data.load("svhn")
    with pytest.raises(InputError, match="did you mean stl10"):
        data.load("stl-10")


def test_a_near_miss_is_answered(tmp_path):
    with pytest.raises(InputError, match="did you mean fashion_mnist"):
        data.load("fashionmnist", tmp_path)


def test_torch_is_imported_only_where_a_set_is_read():
    code = "import sys\nfrom anatomy import data\ndata.digest('cifar10')\nprint('torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(SRC)})
    assert said.stdout.strip() == "False", said.stderr


SRC = Path(data.__file__).parents[2]
