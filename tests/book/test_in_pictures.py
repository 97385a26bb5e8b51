"""The page for who is new: its pictures are those that were made, and say what they were made to say."""

import hashlib
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn.functional import normalize

import in_pictures
import picture_sheets
import pictures
from anatomy.augmentation import views
from anatomy.study.study import Study
from anatomy.training.train import prepare
from tiny import MACHINE, tiny

SAID = json.loads(in_pictures.SAID.read_text())


def opened(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


def test_the_files_are_those_that_were_made() -> None:
    found = {name: hashlib.sha256((pictures.FOLDER / name).read_bytes()).hexdigest() for name in SAID["sha256"]}
    assert found == SAID["sha256"]


def test_the_run_is_published_and_its_number_is_the_records() -> None:
    study = Study("dictionary_size", preset="laptop", records="use")
    assert SAID["key"] == study.key(study.paper[0])
    assert study.found[SAID["key"]]["tables"]["knn"]["accuracy"] == [SAID["published_knn"]]


def test_the_page_says_the_numbers() -> None:
    page = in_pictures.in_pictures_page()
    before, after = SAID["before"], SAID["after"]
    assert f"{before['shown']} of {SAID['rows'] * SAID['nearest']} neighbors" in " ".join(page.split())
    assert f"{100 * before['all']:.1f} % and {100 * after['all']:.1f} %" in page
    assert f"records/{SAID['key']}.json" in page
    assert page.count("<svg viewBox") == 4
    assert "def info_nce(" in page


@pytest.mark.slow
def test_the_views_are_what_that_run_gets_first() -> None:
    run = Study("dictionary_size", preset="laptop", records="use").paper[0]
    again = pictures.first_views(prepare(run.model_copy(update={"recorders": (), "measures": ()}), MACHINE))
    apart = opened(again).astype(int) - opened((pictures.FOLDER / "views.png").read_bytes())
    assert abs(apart).max() <= 1  # another processor may round a pixel otherwise


# --- how they are made


def test_both_pictures_are_made_of_a_run_and_their_numbers_are_counted() -> None:
    files, said = pictures.made(tiny(measures="knn"), MACHINE)
    assert files.keys() == {"views.png", "neighbors.png"} == said["sha256"].keys()
    assert 0 <= said["before"]["shown"] <= said["rows"] * pictures.NEAREST
    marks = (opened(files["neighbors.png"]) == 0).all(2)
    side = 32
    lines = [row for row in marks.reshape(marks.shape[0], -1) if row.sum() >= side]
    assert len(lines) <= picture_sheets.MARK * said["rows"]


def test_neighbors_are_others_the_most_alike_first() -> None:
    training = prepare(tiny(recorders="", measures=""), MACHINE)
    images = training.unseen
    found = pictures.nearest(training, images)
    training.method.eval()
    with torch.no_grad():
        h = normalize(training.method.encoder.backbone(views.clean(images.images, size=training.run.size)))
    for query in (0, len(images) - 1):
        alike = (h @ h[query]).tolist()
        others = sorted((each for each in range(len(images)) if each != query), key=lambda each: -alike[each])
        assert found[query].tolist() == others[: pictures.NEAREST]


def test_a_line_is_below_the_neighbors_of_the_querys_class_alone() -> None:
    images = np.full((4, 8, 8, 3), 99, dtype=np.uint8)
    sheet = opened(picture_sheets.neighbor_sheet(images, [0, 1, 0, 1], [0], [[1, 2]], [[2, 3]]))
    gap, apart = picture_sheets.GAP, picture_sheets.APART
    black = [bool((sheet[:, x : x + 8] == 0).all(2).any()) for x in (0, 8 + gap + apart, 16 + 2 * gap + apart,
             24 + 3 * gap + 2 * apart, 32 + 4 * gap + 2 * apart)]  # fmt: skip
    assert black == [False, False, True, True, False]
