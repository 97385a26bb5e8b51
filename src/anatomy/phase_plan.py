"""The plan of a run that switches between objectives: read and write `center 40, residual 40`."""

# How published runs write an objective that lasts to the end of the run. It is part of their keys, so it stays.
_LAST = 100_000


def plan_of(text: str) -> list[tuple[str, int]]:
    """(objective, steps), in order; then from the first again."""
    words = [phase.split() for phase in text.split(", ")]
    return [(objective, int(steps)) for objective, steps in words]


def to_the_end(objective: str) -> str:
    """The last phase of a plan: more steps than any run has."""
    return f"{objective} {_LAST}"


def in_words(text: str) -> str:
    """The plan as a legend says it: the last phase without the steps that no run has."""
    return text.removesuffix(f" {_LAST}")
