"""The classifier's accuracy, on images whose right answers are planted."""

import pytest
import torch
from torch import Tensor, nn

from anatomy.data.image_set import ImageSet
from anatomy.measures.accuracy import accuracy


class Center(nn.Module):
    """Takes the mean over the batch away, as a layer with the test batch's statistics does, in place of a backbone."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.sizes.append(len(x))
        return x.flatten(1) - x.flatten(1).mean(0)


def test_it_counts_right_answers(planted) -> None:
    trained = planted(5, 40)
    z = trained.clean_embeddings(trained.unseen, at_once=40)
    right = (z.argmax(1) == trained.unseen.labels).sum().item()
    assert 0 < right < 40
    assert accuracy(trained) == {"accuracy": [100 * right / 40], "unseen": [40], "test_batch": [100]}


def test_all_right_is_100_percent(planted) -> None:
    trained = planted(5, 20)
    answers = trained.clean_embeddings(trained.unseen, at_once=20).argmax(1)
    trained.unseen.labels.copy_(answers)
    assert accuracy(trained)["accuracy"] == [100.0]


@pytest.mark.parametrize(("unseen", "sizes"), [(40, [10] * 4), (43, [10] * 4 + [3]), (41, [10] * 4)])
def test_images_go_through_in_test_batches_and_never_one_alone(planted, unseen: int, sizes: list[int]) -> None:
    backbone = Center()
    table = accuracy(planted(5, unseen, backbone=backbone), test_batch=10)
    assert backbone.sizes == sizes
    assert table["unseen"] == [sum(sizes)]


def test_clean_embeddings_are_of_whole_images_in_evaluation_mode(planted) -> None:
    trained = planted(5, 4)
    trained.encoder.train()
    pixels = torch.full_like(trained.unseen.images, 128)
    z = trained.clean_embeddings(ImageSet(pixels, trained.unseen.labels), at_once=2)
    same = trained.encoder(torch.full((4, 3, 8, 8), (128 / 255 - 0.5) * 4))
    torch.testing.assert_close(z, same, rtol=1e-4, atol=1e-4)
    assert trained.encoder.training
