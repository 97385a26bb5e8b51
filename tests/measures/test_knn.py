"""Weighted kNN: four hand-placed points, and the loop oracle."""

from dataclasses import replace
from math import cos, exp, radians, sin

import pytest
import torch
from torch import Tensor, nn

import reference
from anatomy.measures.knn import knn, vote
from reference import array, assert_close


def at(*degrees: float, length: float = 1.0) -> Tensor:
    """Points on a circle at stated angles, float64."""
    points = [[length * cos(radians(d)), length * sin(radians(d))] for d in degrees]
    return torch.tensor(points, dtype=torch.float64)


# Seen from a query at 10 degrees: class 0 at 0 (10 away), class 1 at 40 and 50 (30, 40), class 2 at 190.
BANK, LABELS, QUERY = (0.0, 40.0, 50.0, 190.0), [0, 1, 1, 2], at(10)


@pytest.mark.parametrize(
    ("k", "temperature", "winner"),
    [
        (1, 0.1, 0),  # the nearest alone
        (2, 0.1, 0),  # cos 10 = 0.985 beats cos 30 = 0.866: e^9.85 > e^8.66
        (3, 10.0, 1),  # almost equal votes: two against one
        # e^(0.985 / T) against e^(0.866 / T) + e^(0.766 / T): at T = 0.1 19 000 to 5 800 + 2 100
        (3, 0.1, 0),
        # at T = 0.3 26.7 to 17.9 + 12.9: the vote's temperature decides
        (3, 0.3, 1),
        (4, 1.0, 1),  # the opposite point votes too, with e^-1
    ],
)
def test_four_points(k: int, temperature: float, winner: int) -> None:
    votes = vote(QUERY, at(*BANK), torch.tensor(LABELS), k=k, vote_temperature=temperature)
    assert votes.argmax(1).tolist() == [winner]


def test_the_votes_by_hand() -> None:
    """k = 3, T = 0.5: e^(cos 10 / T), and e^(cos 30 / T) + e^(cos 40 / T), the nearest's being 1."""
    votes = vote(QUERY, at(*BANK), torch.tensor(LABELS), k=3, vote_temperature=0.5)
    near, far, farther = (exp(cos(radians(d)) / 0.5) for d in (10, 30, 40))
    assert_close(votes, [[1, (far + farther) / near, 0]], dtype="float32")


def test_similarity_is_cosine() -> None:
    """Lengths do not count: the nearest in angle wins, however long the others are."""
    bank = torch.cat((at(0, length=0.01), at(40, 50, 190, length=100)))
    few = {"k": 2, "vote_temperature": 0.1}
    found = vote(7 * QUERY, bank, torch.tensor(LABELS), **few)
    assert_close(found, vote(QUERY, at(*BANK), torch.tensor(LABELS), **few))


@pytest.mark.parametrize("temperature", [0.02, 0.1, 1.0])
@pytest.mark.parametrize("k", [1, 5, 30])
def test_against_loops(k: int, temperature: float, generator: torch.Generator) -> None:
    queries, bank = (torch.randn(n, 4, generator=generator, dtype=torch.float64) for n in (7, 30))
    labels = torch.randint(0, 3, (30,), generator=generator)
    found = vote(queries, bank, labels, k=k, vote_temperature=temperature)
    for row, query in zip(found, queries, strict=True):
        few = (array(query), array(bank), labels.tolist(), 3, k, temperature)
        expected = reference.knn_vote(*few)
        assert_close(row / row.sum(), expected / expected.sum())


@pytest.mark.parametrize("temperature", [0.0001, 0.01])
def test_small_vote_temperatures_are_the_nearest_neighbor(temperature: float) -> None:
    """Non-regression: exp(1 / T) is infinite in float32 below T = 0.0113, and inf x 0 NaN."""
    bank, labels = at(*BANK).float(), torch.tensor(LABELS)
    votes = vote(at(10, 30).float(), bank, labels, k=4, vote_temperature=temperature)
    assert votes.isfinite().all()
    assert votes.argmax(1).tolist() == [0, 1]


def test_more_than_a_thousand_queries_go_in_parts(generator: torch.Generator) -> None:
    queries, bank = (torch.randn(n, 4, generator=generator) for n in (1003, 20))
    labels = torch.arange(20) % 3
    few = {"k": 5, "vote_temperature": 0.1}
    whole = vote(queries, bank, labels, **few)
    assert len(whole) == 1003
    assert_close(whole[998:], vote(queries[998:], bank, labels, **few))


def test_the_table(planted) -> None:
    """Representations are the whole, clean images; k = bank / 20 = 3; against loops."""
    trained = planted(67, 20)
    table = knn(trained, vote_temperature=0.1)
    bank, queries = (array(part.images.flatten(1)) / 255 for part in (trained.bank, trained.unseen))
    bank, queries = ((part - 0.5) / 0.25 for part in (bank, queries))
    labels = trained.bank.labels.tolist()
    guesses = [reference.knn_vote(q, bank, labels, 3, 3, 0.1).argmax() for q in queries]
    right = sum(g == label for g, label in zip(guesses, trained.unseen.labels.tolist(), strict=True))
    assert table == {"accuracy": [100 * right / 20], "k": [3], "bank": [67], "unseen": [20]}


@pytest.mark.parametrize(("bank", "k"), [(10, 1), (40, 2), (3999, 199), (4000, 200), (4500, 200)])
def test_k_is_a_twentieth_of_the_bank_and_at_most_200(planted, bank: int, k: int) -> None:
    class First(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.flatten(1)[:, :2]

    assert knn(planted(bank, 2, backbone=First()))["k"] == [k]


def test_an_image_finds_itself(planted) -> None:
    trained = planted(19, 1)
    itself = replace(trained, unseen=trained.bank, size=8)
    assert knn(itself)["accuracy"] == [100.0]


def test_it_is_read_in_evaluation_mode_and_left_as_it_was(planted) -> None:
    trained = planted(20, 4, backbone=nn.Sequential(nn.Flatten(), nn.Dropout(0.5)))
    trained.encoder.train()
    assert knn(trained) == knn(trained)
    assert trained.encoder.backbone.training
