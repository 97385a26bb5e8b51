"""Laws of every attack: it stays in its ball and in the images' range, raises what it raises, and leaves no trace."""

from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import batch_norm

from anatomy.attacks import Network, evaluated, normalized, pixels_of
from anatomy.attacks.apgd import apgd
from anatomy.attacks.diverse import diverse
from anatomy.attacks.objectives import away_from, cross_entropy, margin, relative_cross_entropy
from anatomy.attacks.pgd import Steps, pgd
from anatomy.attacks.single_step import SingleStep, draw, fgsm, single_step
from anatomy.errors import InputError

EPSILON = 0.06
Attack = Callable[[Network, Tensor, Tensor, Generator], Tensor]
OBJECTIVES = {"cross-entropy": cross_entropy, "margin": margin, "relative": relative_cross_entropy}


def with_noise(network: Network, x: Tensor, y: Tensor, generator: Generator, **options) -> Tensor:
    noise = draw(x, "uniform", generator)
    return single_step(network, x, y, noise, SingleStep(epsilon=EPSILON, **options)).images


def many(network: Network, x: Tensor, y: Tensor, generator: Generator, **options) -> Tensor:
    steps = Steps(epsilon=EPSILON, step=EPSILON / 4, **options)
    return pgd(network, x, y, steps, generator)


ATTACKS: dict[str, Attack] = {
    "FGSM": lambda network, x, y, generator: fgsm(network, x, y, EPSILON),
    "FGSM-RS": partial(with_noise, noise="start", alpha=1.25),
    "N-FGSM": partial(with_noise, noise="start", k=2.0, clip=False),
    "NoiseAug": partial(with_noise, noise="image", k=2.0, alpha=1.25),
    "noise behind the attack": partial(with_noise, noise="after", k=0.5),
    "PGD": many,
    "PGD with restarts": partial(many, restarts=3),
    "MI-FGSM": partial(many, momentum=1.0, random_start=False),
    "DI-FGSM": lambda network, x, y, generator: pgd(
        network, x, y, Steps(epsilon=EPSILON, step=EPSILON / 4), generator, shown=diverse(generator, ratio=1.3)
    ),
    "APGD": lambda network, x, y, generator: apgd(network, x, y, epsilon=EPSILON, steps=20, generator=generator),
    **{
        f"PGD on {name}": partial(lambda network, x, y, generator, of: pgd(
            network, x, y, Steps(epsilon=EPSILON, step=EPSILON / 4), generator, of), of=of)
        for name, of in OBJECTIVES.items()
    },
}  # fmt: skip
# How far from the images, in units of epsilon: noise that is not taken back into the ball adds its width.
RADIUS = {"N-FGSM": 3.0, "NoiseAug": 3.0, "noise behind the attack": 1.5}
RAISES = {f"PGD on {name}": of for name, of in OBJECTIVES.items()}  # the others: cross-entropy


@pytest.mark.parametrize("name", ATTACKS)
def test_it_stays_in_its_ball_and_in_the_range(name: str, tools) -> None:
    images = tools.images()
    found = ATTACKS[name](tools.smooth(), images, tools.labels(), tools.generator())
    far = (found - images).abs().amax()
    assert far <= RADIUS.get(name, 1.0) * EPSILON + 1e-12
    assert far > 0.9 * EPSILON  # and it moves
    assert found.min() >= 0
    assert found.max() <= 1
    assert ((found == 0) | (found == 1)).any()  # the images reach near both ends, so that a missing clamp shows


@pytest.mark.parametrize("name", ATTACKS)
def test_it_raises_what_it_raises(name: str, tools) -> None:
    network, images, labels = tools.smooth(), tools.images(), tools.labels()
    objective = RAISES.get(name, cross_entropy)
    found = ATTACKS[name](network, images, labels, tools.generator())
    assert (objective(network(found), labels) > objective(network(images), labels)).all()


@pytest.mark.parametrize("name", ATTACKS)
@pytest.mark.parametrize("mode", [True, False])
def test_no_gradient_is_left_and_the_mode_stays(name: str, mode: bool, tools) -> None:
    network, images = tools.smooth().train(mode), tools.images()
    found = ATTACKS[name](network, images, tools.labels(), tools.generator())
    assert all(weight.grad is None for weight in network.parameters())
    assert not found.requires_grad
    assert not images.requires_grad
    assert network.training is mode


@pytest.mark.parametrize("name", ATTACKS)
def test_the_same_generator_gives_the_same_images_and_another_others(name: str, tools) -> None:
    attack = partial(ATTACKS[name], tools.smooth(), tools.images(), tools.labels())
    assert torch.equal(attack(tools.generator(1)), attack(tools.generator(1)))
    drawn = name not in ("FGSM", "MI-FGSM", "APGD")  # APGD draws, and reaches one corner from every start here
    assert torch.equal(attack(tools.generator(1)), attack(tools.generator(2))) != drawn


def test_on_a_logistic_model_no_attack_beats_one_step(tools) -> None:
    """The loss is monotone along w, so the corner sign(w) is the worst of the ball: here without the images' range."""
    network, images, labels = tools.binary(), tools.images(low=0.3, high=0.7), tools.labels(classes=2)
    one = cross_entropy(network(fgsm(network, images, labels, EPSILON)), labels)
    steps = Steps(epsilon=EPSILON, step=EPSILON / 4, steps=40, restarts=3)
    best = cross_entropy(network(pgd(network, images, labels, steps, tools.generator())), labels)
    torch.testing.assert_close(one, best, rtol=1e-10, atol=0)
    auto = apgd(network, images, labels, epsilon=EPSILON, steps=20, generator=tools.generator())
    torch.testing.assert_close(one, cross_entropy(network(auto), labels), rtol=1e-10, atol=0)


def test_an_attack_without_labels_leaves_its_target(tools) -> None:
    network, images = tools.smooth(), tools.images()
    features = network(images).detach()
    steps = Steps(epsilon=EPSILON, step=EPSILON / 4, steps=5)
    found = pgd(network, images, features, steps, tools.generator(), away_from)
    assert (away_from(network(found), features) > -1 + 1e-4).all()
    torch.testing.assert_close(away_from(features, features), -torch.ones(6, dtype=torch.float64))


class Batched(nn.Module):
    """Logits that depend on the batch in training mode, and not in evaluation mode."""

    def forward(self, views: Tensor) -> Tensor:
        mean, variance = torch.zeros(48).double(), torch.ones(48).double()
        return batch_norm(views.flatten(1), mean, variance, training=self.training)[:, :4]


def test_an_evaluated_encoder_answers_in_evaluation_mode_and_is_put_back(tools) -> None:
    encoder, images = Batched().train(), tools.images()
    with evaluated(encoder) as network:
        one, all_six = network(images[:1]), network(images)
        assert not encoder.training
    torch.testing.assert_close(one, all_six[:1])
    torch.testing.assert_close(all_six, normalized(images).flatten(1)[:, :4] / (1 + 1e-5) ** 0.5)
    assert encoder.training
    with evaluated(encoder.eval()):
        pass
    assert not encoder.training


def test_pixels_and_views_are_each_others_inverse(tools) -> None:
    images = tools.images()
    torch.testing.assert_close(pixels_of(normalized(images)), images)
    assert pixels_of(torch.tensor([-2.0000002, 2.0000002])).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"epsilon": -0.1}, "epsilon is -0.1, but it must lie in 0 .. 1"),
        ({"epsilon": 8.0}, "epsilon is 8.0, but it must lie in 0 .. 1"),
        ({"epsilon": 0.1, "steps": 0}, "steps is 0, but an attack has at least 1; try 1"),
        ({"epsilon": 0.1, "restarts": 0}, "restarts is 0, but an attack has at least 1; try 1"),
    ],
)
def test_what_is_no_attack_is_rejected(options, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Steps(step=0.1, **options)
