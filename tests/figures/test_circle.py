"""The forces on a circle by pencil, and arrows that are as wide as the numbers say."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import FancyArrowPatch

from anatomy.analysis.circle import Scene, forces, four_points
from anatomy.figures.circle import POINTS_WIDE, inter_and_intra


def test_negatives_at_the_positives_distance_share_two_thirds():
    # Three equal logits: W = 2/3, and the two negatives share equally, whatever the temperature.
    table = forces(Scene(anchor=10, positive=70, negatives=(-50, 70)), temperature=0.07)
    assert table["weight"].to_numpy() == pytest.approx(2 / 3)
    assert table["share"].tolist() == pytest.approx([1, 0.5, 0.5])
    assert table["similarity"].to_numpy() == pytest.approx(0.5)  # cos 60


def test_a_positive_on_the_anchor_and_two_right_angles():
    # Logits 1, 0, 0 at T = 1: W = 2 / (e + 2) = 2 / 4.71828.
    table = forces(Scene(anchor=0, positive=0, negatives=(90, -90)), temperature=1.0)
    assert table["weight"].to_numpy() == pytest.approx(0.423883, abs=1e-6)


def test_the_angles_of_the_figure():
    table = four_points(0.1)
    intra = table[table["picture"] == "intra"]
    # Similarities cos 60 = 0.5 and cos 70 = 0.34202: the ratio of the shares is e^1.57980 = 4.8540.
    assert intra["share"].tolist() == pytest.approx([1, 4.8540 / 5.8540, 1 / 5.8540], abs=1e-4)
    inter = table[(table["picture"] == "inter") & (table["role"] == "positive")]
    # Found: logits 10 cos 30 = 8.66025 against 10 cos 50 = 6.42788 and 10 cos 125 = -5.73576;
    # e^6.42788 = 618.86, e^8.66025 = 5769.0: W = 618.86 / 6387.9 = 0.09688.
    # Lost: 10 cos 75 = 2.58819 against 6.42788 and 10 cos 80 = 1.73648;
    # 618.86 + 5.68 = 624.54, e^2.58819 = 13.306: W = 624.54 / 637.85 = 0.97914.
    assert inter["weight"].tolist() == pytest.approx([0.09688, 0.97914], abs=1e-4)


@pytest.mark.parametrize("temperature", [0.01, 100.0])
def test_extreme_temperatures_stay_finite(temperature):
    table = four_points(temperature)
    assert table[["share", "weight"]].ge(0).all(axis=None)
    assert table[["share", "weight"]].le(1).all(axis=None)
    shares = table[table["role"] == "negative"].groupby("anchor")["share"].sum()
    assert shares.tolist() == pytest.approx([1, 1, 1])


@pytest.fixture
def figure():
    plt.switch_backend("agg")
    figure = inter_and_intra(four_points(0.1))
    yield figure
    plt.close(figure)


def arrows(axis) -> dict[tuple[float, ...], float]:
    """Where each arrow starts and ends, and how wide it is in units of a weight."""
    found = {}
    for patch in axis.patches:
        if isinstance(patch, FancyArrowPatch):
            start, end = patch._posA_posB
            width = patch.get_arrowstyle().tail_width / POINTS_WIDE
            found[tuple(round(float(number), 3) for number in (*start, *end))] = width
    return found


def test_arrows_are_as_wide_as_their_numbers(figure):
    left, right = figure.axes
    # Left, in the order of the table: pull of the positive, push of the near negative, push of the far one.
    assert list(arrows(left).values()) == pytest.approx([1, 0.8292, 0.1708], abs=1e-4)
    assert list(arrows(right).values()) == pytest.approx([0.0969, 0.9791], abs=1e-4)


def test_arrows_go_to_the_positive_and_away_from_the_negatives(figure):
    left, right = figure.axes
    pull, near, far = arrows(left)
    assert pull == (0, 1, 0.643, 0.766)  # from 90 degrees to 50
    # The near negative sits left of the anchor and below it, so it pushes to the right and up; the far one, mirrored.
    assert near[2] > 0
    assert far[2] < 0
    assert min(near[3], far[3]) > 1
    assert [each[2:] for each in arrows(right)] == [(-0.643, 0.766), (0.906, -0.423)]  # 130 and -25 degrees


def test_the_numbers_are_written_beside_the_points(figure):
    left, right = ([text.get_text() for text in axis.texts] for axis in figure.axes)
    assert any("0.83" in words for words in left)
    assert any("0.17" in words for words in left)
    assert any("anchor 1" in words and "0.10" in words for words in right)
    assert any("anchor 2" in words and "0.98" in words for words in right)
