"""What a mutant is, and whether it fits the code."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = Path("src", "anatomy")


@dataclass(frozen=True)
class Mutant:
    """`old` is replaced by `new` in src/anatomy/`file`; `tests` are under tests/."""

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def mutants(file: str, tests: str, *breaks: tuple[str, str, str]) -> list[Mutant]:
    """Several breaks of one file: (what, old text, new text)."""
    return [Mutant(what, file, old, new, tuple(tests.split())) for what, old, new in breaks]


def changed(mutant: Mutant, text: str) -> str:
    """The file's text with the mutant's change. ValueError where its old text is not there exactly once."""
    count = text.count(mutant.old)
    if count != 1:
        raise ValueError(f"{mutant.what}: {mutant.file} has {mutant.old!r} {count} times, not once")
    return text.replace(mutant.old, mutant.new)


def misfits(chosen: list[Mutant]) -> list[str]:
    """Mutants that do not fit the code any more, or that are no Python: to be written anew."""
    found = []
    for mutant in chosen:
        try:
            text = (ROOT / SOURCE / mutant.file).read_text(encoding="utf-8")
            compile(changed(mutant, text), mutant.file, "exec")
        except (ValueError, OSError, SyntaxError) as error:
            found.append(str(error))
        found += [f"{mutant.what}: there is no tests/{t}" for t in mutant.tests if not (ROOT / "tests" / t).is_file()]
    return found
