"""Arms by their settings: which rows are chosen, of columns of every kind that tables have."""

import pandas as pd
import pytest

from anatomy.arms.select import ANY, select

MIXED = pd.Series([True, None, 2.0, False], dtype=object)
TABLE = pd.DataFrame(
    {
        "key": ["a", "b", "c", "d"],
        "loss": ["info_nce", "info_nce", "decoupled", None],
        "temperature": [0.1, 0.1 + 1e-9, 0.2, float("nan")],
        "queue_size": [256, 4096, 256, 256],
        "symmetric": [True, False, True, True],
        "mixed": MIXED,
    }
)


@pytest.mark.parametrize(
    ("settings", "keys"),
    [
        ({}, "abcd"),
        ({"loss": "info_nce"}, "ab"),
        ({"loss": ANY}, "abc"),
        ({"loss": None}, "d"),
        ({"temperature": 0.1}, "ab"),  # but for rounding
        ({"temperature": None}, "d"),
        ({"temperature": ANY}, "abc"),
        ({"temperature": "info_nce"}, ""),  # a word is no number
        ({"queue_size": 256}, "acd"),
        ({"queue_size": 256.0, "symmetric": True}, "acd"),
        ({"symmetric": False}, "b"),
        ({"mixed": True}, "a"),
        ({"mixed": None}, "b"),
        ({"mixed": 2}, "c"),
        ({"loss": "info_nce", "queue_size": 4096}, "b"),
    ],
)
def test_the_rows_with_these_settings(settings: dict[str, object], keys: str) -> None:
    assert "".join(select(TABLE, {}, **settings)["key"]) == keys


def test_what_is_not_named_stands_at_its_base_or_has_no_such_option() -> None:
    base = {"temperature": 0.1, "queue_size": 256, "absent": 3}
    assert list(select(TABLE, base)["key"]) == ["a", "d"]
    assert list(select(TABLE, base, queue_size=4096)["key"]) == ["b"]


def test_rows_keep_their_order_their_index_and_all_columns() -> None:
    turned = TABLE.iloc[::-1]
    pd.testing.assert_frame_equal(select(turned, {}, loss="info_nce"), turned.iloc[2:])


def test_a_setting_that_no_run_has_is_an_error_even_where_no_row_is_left() -> None:
    with pytest.raises(KeyError, match="absent"):
        select(TABLE, {}, loss="spectral", absent=1)
