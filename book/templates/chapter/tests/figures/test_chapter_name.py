"""What is drawn is what the table says."""

import matplotlib.pyplot as plt
import pandas as pd

from anatomy.figures.chapter_name import over_temperature


def test_a_line_a_seed_in_the_order_of_temperature() -> None:
    table = pd.DataFrame(
        {"key": list("abcd"), "seed": [0, 1, 0, 1], "temperature": [1.0, 1.0, 0.1, 0.1], "accuracy": [5, 6, 7, 8]}
    )
    axis = over_temperature(table).axes[0]
    assert [list(line.get_xdata()) for line in axis.lines] == [[0.1, 1.0], [0.1, 1.0]]
    assert [list(line.get_ydata()) for line in axis.lines] == [[7, 5], [8, 6]]
    plt.close("all")
