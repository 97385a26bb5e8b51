"""A reader's numbers beside published ones."""

from math import nan

import pandas as pd

from anatomy.analysis.beside import beside


def test_inside_outside_and_nothing_to_say() -> None:
    own = pd.DataFrame({"arm": list("abcd"), "mean": [1.0, 5, 3, 4], "low": nan, "high": nan, "n": 1})
    published = pd.DataFrame(
        {"arm": list("cab"), "mean": [3.5, 1.5, 2.0], "low": [nan, 1.0, 1.5], "high": [nan, 2.0, 2.5], "n": 3}
    )
    found = beside(own, published).set_index("arm")
    assert found["place"].to_dict() == {"a": "inside", "b": "outside", "c": "", "d": ""}
    assert found["own"].tolist() == [1, 5, 3, 4]
    assert found["published"].tolist()[:3] == [1.5, 2, 3.5]
    assert pd.isna(found.loc["d", "published"])
