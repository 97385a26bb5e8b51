"""Chapter one: does contrastive learning need a large dictionary?"""

from typing import Any

from anatomy.config import Run
from anatomy.quantities import Count, InfiniteTemperature, Temperature, Whole


def runs(
    base: dict[str, Any],
    *,
    seeds: tuple[Whole, ...],
    batch_sizes: tuple[Count, ...] = (),  # images, K = batch size - 1; default: the preset's, and a quarter of it
    temperature: Temperature = 0.1,  # of InfoNCE, and within an anchor
    temperature_inter: InfiniteTemperature = 1.0,  # between anchors, in the second arm
) -> list[Run]:
    """SimCo with one temperature (InfoNCE) and with two, on equal images; the first batch size is the base."""
    sizes = batch_sizes or (base["batch_size"], base["batch_size"] // 4)
    one = {"loss": "info_nce", "temperature": temperature}
    two = {"loss": "dual_temperature", "temperature_intra": temperature, "temperature_inter": temperature_inter}
    simco = base | {"method": "simco", "recorders": "hardness,scores"}
    arms = [simco | arm | {"batch_size": size} for size in sizes for arm in (one, two)]
    arms[0]["measures"] = "knn,hardness_grid,identities"  # on the base setting, where one temperature decides
    return [Run.of(**arm, seed=seed) for arm in arms for seed in seeds]
