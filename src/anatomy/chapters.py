"""The chapters in the order of the book: the one table of them.

A chapter has a study, its sizes in it (`studies/NAME.py`), a notebook and a page of its name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """`families` of its claims, each with the title that the ledger gives it."""

    name: str
    title: str
    families: dict[str, str]

    @property
    def page(self) -> str:
        """As the book's table of contents names it."""
        return f"chapters/{self.name}"


CHAPTERS = {
    chapter.name: chapter
    for chapter in (
        Chapter(
            "dictionary_size",
            "Does contrastive learning need a large dictionary?",
            {"dictionary": "Dictionary size"},
        ),
        Chapter(
            "vector_decomposition",
            "Why does SimSiam not collapse?",
            {"decomposition": "Vector decomposition"},
        ),
        Chapter(
            "score_visualization",
            "What happens to positives and negatives while a network learns?",
            {"transformation": "Feature transformation", "mixing": "Mixing"},
        ),
        Chapter(
            "normalization",
            "Batch normalization, group normalization, and a mix of both",
            {"normalization": "Normalization"},
        ),
        Chapter(
            "loss_family",
            "One family of losses, told apart by what each sample weighs",
            {"family": "Family of losses"},
        ),
        Chapter(
            "robustness",
            "Adversarial training with one-step attacks",
            {"robust": "Adversarial training"},
        ),
    )
}


def number_of(name: str) -> int:
    """A chapter's place in the book, from 1."""
    return [*CHAPTERS].index(name) + 1
