"""DeACL: its loss from the authors' steps, a teacher that stays as it is, an attack on the student as it is used."""

import pytest
import torch
from torch.nn.functional import cosine_similarity

from anatomy.errors import InputError
from anatomy.recorders import check_needs
from anatomy.runs import parts
from anatomy.step import Batch

EPSILON, N, KEY = 16 / 255, 12, "0123456789abcdef"


def batch_of(tools, seed: int = 7) -> Batch:
    (view, _) = tools.batch(N).views
    return Batch((view / 3,), torch.arange(N) % 4, torch.arange(N), 0, torch.Generator().manual_seed(seed))


def method_of(tools, norm: bool = True, **options):
    others = {KEY: tools.encoder(5, norm)}
    deacl = parts.load("method", "deacl")
    return deacl(tools.encoder(0, norm), others, teacher=KEY, epsilon=EPSILON, **options).double().train()


def by_hand(method, batch: Batch, steps: int, step: float) -> torch.Tensor:
    """The authors' order: the student in evaluation mode while it is attacked, one pass over both halves after it."""
    view = batch.views[0]
    x = (view / 4 + 0.5).clamp(0, 1)
    student, taught = method.encoder.backbone, method.teacher.eval()(view).detach()
    uniform = (2 * torch.rand(N, 3, 4, 4, generator=torch.Generator().manual_seed(7)) - 1).double()
    moved = (x + EPSILON * uniform).clamp(0, 1)
    student.eval()
    for _ in range(steps):
        moved.requires_grad_()
        away = -cosine_similarity(student(4 * moved - 2), taught).sum()
        (gradient,) = torch.autograd.grad(away, moved)
        moved = (moved.detach() + step * gradient.sign()).clamp(x - EPSILON, x + EPSILON).clamp(0, 1)
    student.train()
    clean, attacked = student(torch.cat([view, 4 * moved - 2])).split(N)
    return -cosine_similarity(clean, taught).mean() - 2 * cosine_similarity(attacked, clean).mean()


def test_its_loss_and_gradient_are_those_of_the_authors_steps(tools) -> None:
    one, other = method_of(tools, attack_steps=3), method_of(tools, attack_steps=3)
    expected = by_hand(one, batch_of(tools), 3, EPSILON / 4)
    found = other(batch_of(tools)).loss
    torch.testing.assert_close(found, expected, rtol=1e-10, atol=0)
    expected.backward()
    found.backward()
    for name, weight in one.encoder.backbone.named_parameters():
        torch.testing.assert_close(other.encoder.backbone.get_parameter(name).grad, weight.grad, rtol=1e-8, atol=1e-12)
    assert all(weight.grad is None for weight in other.encoder.projector.parameters())  # no side has a projector


def test_the_teacher_is_the_other_run_and_never_changes(tools) -> None:
    method = method_of(tools)
    for _ in range(3):
        tools.train(method, batch_of(tools))
    for name, value in tools.encoder(5, True).backbone.double().state_dict().items():  # statistics too
        assert torch.equal(method.teacher.state_dict()[name], value), name
    assert not any(weight.requires_grad for weight in method.teacher.parameters())
    assert method.training
    assert not method.teacher.training


def test_the_attack_leaves_the_students_statistics_alone(tools) -> None:
    method = method_of(tools)
    method(batch_of(tools))
    assert method.encoder.backbone[2].num_batches_tracked == 1  # one pass, over both halves
    assert method.encoder.backbone.training


def test_an_attack_of_more_steps_parts_student_and_teacher_further(tools) -> None:
    batch, method = batch_of(tools), method_of(tools, attack_steps=20)
    images = (batch.views[0] / 4 + 0.5).clamp(0, 1)
    taught, student = method.teacher(batch.views[0]), method.encoder.backbone.eval()
    found = method.attacked(images, taught, batch)
    assert (found - images).abs().max() <= EPSILON * (1 + 1e-9)
    before, after = (cosine_similarity(student(4 * x - 2), taught).mean() for x in (images, found))
    assert after < before - 1e-3


def test_gamma_weighs_the_attacked_image(tools) -> None:
    losses = [method_of(tools, gamma=gamma)(batch_of(tools)).loss for gamma in (0.0, 1.0, 3.0)]
    torch.testing.assert_close(losses[2] - losses[0], 3 * (losses[1] - losses[0]))
    clean = method_of(tools, gamma=0.0)
    assert -1 <= clean(batch_of(tools)).loss <= 0


@pytest.mark.parametrize("name", ["robustness", "landscape"])
def test_its_logits_are_recorded_by_nobody(name: str, tools) -> None:
    """It has a projector, which nothing trains: what is read through it would be a number all the same."""
    recorder = parts.load("recorder", name)()
    with pytest.raises(InputError, match=f"recorder '{name}' needs view_1, labels, which method 'deacl' does not have"):
        check_needs({name: recorder}, method_of(tools)(batch_of(tools)), "deacl")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "method 'deacl' needs a value for 'teacher'"),
        ({"teacher": "simsiam"}, "teacher is 'simsiam', but string should match pattern"),
        ({"teacher": KEY, "epsilon": -0.1}, "epsilon is -0.1, but it must be greater than or equal to 0"),
        ({"teacher": KEY, "epsilon": 1.5}, "epsilon is 1.5, but it must be less than or equal to 1"),
        ({"teacher": KEY, "attack_steps": 0}, "attack_steps is 0, but it must be greater than or equal to 1"),
    ],
)
def test_wrong_options_are_rejected(options, said: str) -> None:
    with pytest.raises(InputError) as error:
        parts.check("method", "deacl", options)
    assert said in str(error.value)
