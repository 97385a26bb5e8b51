"""A figure keeps its tables, is the same file twice, and can be read on a telephone."""

import io
import re
from math import nan

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from anatomy.figures import SMALL, apart, arms
from anatomy.figures.drawn import as_csv, as_svg, keys, tables_of
from anatomy.figures.in_words import in_words
from anatomy.figures.looks import COLORS, looks, own
from anatomy.figures.sheet import PHONE, SHEETS, drawn_on, wrapped

TABLE = pd.DataFrame(
    {"arm": ["SimCo, two temperatures", "MoCo v2"], "mean": [2.0, 5.123456789], "low": [1.0, 4.5], "high": [3.0, 5.5],
     "by_seed": [(1.5, 2.5), (5.0, 5.25)], "keys": ["k2 k1", "k3"]}
)  # fmt: skip
FLOOR = pd.DataFrame({"label": ["raw pixels"], "accuracy": [1.5], "keys": ["k0"]})
PIXELS = 4 / 3  # CSS pixels of a point


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def forest() -> Figure:
    return arms.forest({"points": TABLE, "more": TABLE}, "arm", below={"more": FLOOR})


def test_it_keeps_the_tables_that_it_shows_and_their_runs() -> None:
    tables = tables_of(forest())
    assert list(tables) == ["points", "more", "below: more"]
    assert keys(tables) == ["k0", "k1", "k2", "k3"]
    lines = as_csv(tables).splitlines()
    assert lines[0] == "table,arm,mean,low,high,by_seed,keys,label,accuracy"
    assert lines[2] == "points,MoCo v2,5.12346,4.5,5.5,5 5.25,k3,,"
    assert len(lines) == 6


def test_of_rows_of_runs_only_what_differs_is_listed() -> None:
    rows = pd.DataFrame({"key": ["a", "b"], "epochs": [3, 3], "error": [1e-12, 2e-12]})
    assert as_csv({"table": rows}) == "table,key,error\ntable,a,1e-12\ntable,b,2e-12\n"


def test_the_same_drawing_is_the_same_file() -> None:
    assert as_svg(forest()) == as_svg(forest())


def test_a_lean_picture_has_its_letters_and_marks_where_they_were() -> None:
    figure, file = forest(), io.BytesIO()
    figure.savefig(file, format="svg")
    lean, whole = places(as_svg(figure)), places(file.getvalue())
    assert len(lean) > 50
    assert lean == pytest.approx(whole, abs=0.06)  # letters: of 100 a point size
    (commands, numbers), (expected, points) = paths(as_svg(figure)), paths(file.getvalue())
    assert commands == expected
    assert numbers == pytest.approx(points, abs=0.011)
    assert len(as_svg(figure)) < 0.75 * len(file.getvalue())


def paths(svg: bytes) -> tuple[list[str], list[float]]:
    """All commands of all outlines, and all numbers."""
    drawn = re.findall(r' d="([^"]*)"', svg.decode())
    return [c for d in drawn for c in re.findall(r"[A-Za-z]", d)], [
        float(n) for d in drawn for n in re.findall(r"-?[\d.]+", d)
    ]


def places(svg: bytes) -> np.ndarray:
    """x and y of everything that a picture uses, in its order."""
    used = [dict(re.findall(r'([\w:]+)="([^"]*)"', tag)) for tag in re.findall(r"<use [^>]*>", svg.decode())]
    moved = [re.findall(r"-?[\d.]+", of.get("transform", "translate(0 0)"))[:2] for of in used]
    own = [[of.get("x", "0"), of.get("y", "0")] for of in used]
    return np.array(moved, float) + np.array(own, float)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_it_fits_its_sheet_and_its_words_are_large_enough(sheet) -> None:
    """11 CSS pixels where it is shown at its own size, as wide as the sheet; at most two panels a row."""
    with drawn_on(sheet):
        figure = forest()
    figure.canvas.draw()
    assert figure.get_figwidth() == sheet.width
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    assert min(text.get_fontsize() for text in texts) * PIXELS >= 11
    assert {axis.get_subplotspec().get_gridspec().ncols for axis in figure.axes} == {sheet.columns}
    drawn = figure.get_tightbbox().width
    assert drawn <= sheet.width + 0.02


def test_on_a_telephone_a_name_stands_over_its_row() -> None:
    with drawn_on(PHONE):
        axis = forest().axes[0]
    assert list(axis.get_yticks()) == []
    assert [text.get_text() for text in axis.texts] == list(TABLE["arm"])


def test_names_beside_lines_do_not_meet() -> None:
    assert apart([0.1, 0.9], 0.1) == pytest.approx([0.1, 0.9])
    for places in ([0.5, 0.5, 0.5], [0.99, 1.0, 0.98], [0.0, -1.0]):
        found = sorted(apart(places, 0.1))
        assert all(b - a >= 0.1 - 1e-9 for a, b in zip(found, found[1:], strict=False))
        assert -0.05 <= found[0] <= found[-1] <= 1.05


def test_a_label_breaks_at_spaces_and_not_in_a_formula() -> None:
    lines = wrapped("spread of the force $a + b + c$", 9 * SMALL).splitlines()
    assert lines == ["spread of the", "force", "$a + b + c$"]


def test_a_method_has_one_color_and_no_two_lines_differ_by_color_alone() -> None:
    assert own("SimSiam") == own("SimSiam, step x 2")
    assert own("MoCo v2, twice the epochs") == own("MoCo v2")
    assert own("SimCo, two temperatures") == own("two temperatures") != own("SimCo, one temperature")
    found = looks(["GN with noise", "GN with a quarter of it", "BN with noise", "what has no color"])
    assert len({(look.linestyle, look.marker) for look in found.values()}) == 4
    assert len({look.color for look in found.values()}) == 3
    far = looks(["InfoNCE", *"abcdefghi", "InfoNCE, three heads"])  # as many apart as there are markers
    assert far["InfoNCE"].color == far["InfoNCE, three heads"].color
    assert far["InfoNCE"].marker != far["InfoNCE, three heads"].marker


@pytest.mark.parametrize("color", COLORS)
def test_a_color_is_seen_on_white(color) -> None:
    """WCAG 2.1, 1.4.11: a contrast of 3 to 1."""
    shares = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    luminance = sum(weight * share for weight, share in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 3


def test_its_numbers_in_words() -> None:
    assert in_words({"points": TABLE, "below: more, %": FLOOR}) == (
        "SimCo, two temperatures: 2 (1 to 3); MoCo v2: 5.12 (4.5 to 5.5). more, %: raw pixels: 1.5."
    )
    steps = pd.DataFrame({"arm": list("aabb"), "step": [0, 700, 0, 700], "mean": [0.5, 0.9, 0.4, 0.1]})
    assert in_words({"table": steps}) == "a: 0.5 at step 0, 0.9 at step 700; b: 0.4 at step 0, 0.1 at step 700."
    costs = pd.DataFrame({"defense": ["none", "FGSM"], "mean": [0.5, 1.0]})
    assert in_words({"table": costs}) == "none: 0.5; FGSM: 1."
    deep = pd.DataFrame({"what": list("pqpq"), "steps": [1, 1, 20, 20], "mean": [2, 0.1, 5, 0.6]})
    assert in_words({"table": deep}) == "p: 2 at steps 1, 5 at steps 20; q: 0.1 at steps 1, 0.6 at steps 20."
    nameless = pd.DataFrame({"arm": ["a"], "said": ["nothing"]})
    assert in_words({"table": nameless}) == ""
    alone = pd.DataFrame({"arm": ["a", "b"], "mean": [1.0, 2.0], "low": [0.5, nan], "high": [1.5, nan], "n": [3, 1]})
    assert in_words({"table": alone}) == "a: 1 (0.5 to 1.5); b: 2 (one seed)."
    errors = pd.DataFrame({"temperature": [0.1, 0.1, 1.0], "error": [1e-16, 3e-16, 0.0]})
    assert in_words({"table": errors}) == "3e-16 at temperature 0.1, 0 at temperature 1."
    assert in_words({"table": nameless, "points, %": TABLE[:1]}) == "points, %: 2 (1 to 3)."
