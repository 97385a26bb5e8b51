"""Accuracies of raw pixels and of an untrained network, planted beside the runs of a table."""

import pandas as pd

from anatomy.settings import OF_DATA


def planted_floor(runs: pd.DataFrame, pixels: float = -500.0, untrained: float = -600.0) -> pd.DataFrame:
    """As a study's table `floor` would be, for every data set, number of images and size among the runs."""
    places = runs[list(OF_DATA)].drop_duplicates()
    rows = [
        places.assign(readout=readout, backbone=backbone, epochs=0, accuracy=accuracy, seed=0, key="floor", arm="floor")
        for readout in ("knn", "linear_probe")
        for backbone, accuracy in (("pixels", pixels), ("resnet8", untrained))
    ]
    return pd.concat(rows, ignore_index=True)
