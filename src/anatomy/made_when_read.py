"""Tables by name, of which few are read: each is made when it is first asked for, and kept."""

from collections.abc import Callable, Collection, Iterator, Mapping

import pandas as pd


class MadeWhenRead(Mapping[str, pd.DataFrame]):
    """The tables of these names, each as `make` makes it. KeyError for any other name."""

    def __init__(self, names: Collection[str], make: Callable[[str], pd.DataFrame]) -> None:
        self.names, self.make, self.made = names, make, dict[str, pd.DataFrame]()

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.names:
            raise KeyError(name)
        if name not in self.made:
            self.made[name] = self.make(name)
        return self.made[name]

    def __contains__(self, name: object) -> bool:  # without making it
        return name in self.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)
