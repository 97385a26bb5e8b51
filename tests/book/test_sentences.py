"""No sentence of the book's own prose says what runs show: such a sentence is bound to a verdict or to numbers."""

import pytest

import sentences

KINDS = {"formula", "reading", "setting", "rule", "source", "figure", "explorer", "erratum"}
OURS = ("we see", "we saw", "we found", "our runs", "these runs show", "turns out", "in fact", "as expected")


def test_every_sentence_with_a_results_word_is_bound_or_was_reviewed() -> None:
    new = {sentence: page for sentence, page in sentences.unbound().items() if sentence not in sentences.REVIEWED}
    assert new == {}, "bind it to a verdict (anatomy.readings), or read it with its figure and list it in reviewed.toml"


def test_the_list_of_reviewed_ones_is_that_of_today() -> None:
    assert set(sentences.BY_KIND) == KINDS
    assert sentences.REVIEWED - sentences.unbound().keys() == set()


def test_none_of_them_speaks_of_our_runs() -> None:
    assert [s for s in sentences.REVIEWED for words in OURS if words in s.lower()] == []


@pytest.mark.parametrize(
    "said",
    [
        "That is why a second temperature can stand in for the dictionary.",
        "As the paper says, the naive network here reaches 34 %.",
        "The claim holds at this size.",
        "This network falls first and climbs out later.",
        "The naive network reaches 34 %.",
        "So the best m of a short training is smaller than that of a long one.",
        "The mean of mixed negatives hardly differs from that of unmixed ones.",
    ],
)
def test_what_the_page_once_said_would_be_seen(said: str) -> None:
    assert sentences.speaks(said)


def test_questions_conditions_and_sources_are_no_results() -> None:
    assert not sentences.speaks("Does it fall first?")
    assert not sentences.speaks("Where it falls, the bias came too late.")
    assert not sentences.speaks("The paper reports 34 %.")


def test_headings_and_the_words_of_tables_are_read_too_and_formulas_are_not() -> None:
    text = "# 3 points\n(label)=\nIt falls. It rises:\n\n$$ x > 3 $$\n\n| 3 | it reaches 4 here |"
    assert sentences.sentences(text) == ["3 points", "It falls.", "It rises:", "it reaches 4 here"]


def test_captions_and_explorers_are_read() -> None:
    text = dict.fromkeys(page for page, _ in sentences.pages())
    assert {"index", "how_to_read", "notation", "normalization", "hardness"} <= text.keys()
    assert sentences.words_of_html("<p>It <b>falls</b></p><script>let rises = 3</script>").split() == ["It", "falls"]
