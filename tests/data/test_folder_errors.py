"""What is said to folders that are no data set, and of files that cannot be read or reached."""

import builtins
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from anatomy import data
from anatomy.data import folder, memory, pictures, scan
from anatomy.errors import to_terminal
from image_folders import SIZE, paint, sentence, two_classes

pytestmark = pytest.mark.usefixtures("said")


# --- bad input


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
