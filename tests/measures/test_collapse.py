"""Collapse of a planted network: what is measured, on which images, and when nothing is there to measure."""

from dataclasses import replace

import pytest
import torch
from torch import nn

import reference
from anatomy.augmentation import views
from anatomy.measures.collapse import OF_P, collapse
from anatomy.networks.heads import OneLayer
from reference import array


def rows(planted, network: nn.Module):
    """What a network makes of the clean, unseen images, as unit rows."""
    clean = views.clean(planted.unseen.images, size=planted.size)
    raw = array(network(clean))
    return array([row / reference.length(row) for row in raw])


def test_without_predictor(planted) -> None:
    trained = planted(10, 20)
    table = collapse(trained)
    assert all(len(column) == 1 for column in table.values())
    assert (table["images"], table["steps"]) == ([20], [0])
    expected = reference.geometry(rows(trained, trained.encoder))
    for name, number in expected.items():
        assert table[name][0] == pytest.approx(number, rel=1e-4)
    assert all(table[name][0] != table[name][0] for name in (*OF_P, "bias_cosine"))


def test_with_a_bias_for_a_predictor(planted) -> None:
    plain = planted(10, 20)
    predictor = OneLayer(6, bias=True)
    with torch.no_grad():
        predictor.bias += torch.tensor([0.5, 0, 0, -0.5, 0, 0])
    table = collapse(replace(plain, predictor=predictor, steps=7))
    z, p = rows(plain, plain.encoder), rows(plain, nn.Sequential(plain.encoder, predictor))
    o_z, o_p = reference.center_of(z), reference.center_of(p)
    assert table["steps"] == [7]
    assert table["p_spread"][0] == pytest.approx(reference.geometry(p)["spread"], rel=1e-4)
    assert table["length_ratio"][0] == pytest.approx(reference.length(o_p) / reference.length(o_z), rel=1e-4)
    assert table["eta_p"][0] == pytest.approx((o_z - o_p) @ o_p / (o_p @ o_p), rel=1e-4)
    assert table["bias_cosine"][0] == pytest.approx(reference.cosine(array(predictor.bias), o_z), rel=1e-4)


def test_it_is_measured_in_evaluation_mode(planted) -> None:
    """In training mode BatchNorm would take the collapsed batch apart again."""
    backbone = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(3 * 8 * 8))
    with torch.no_grad():
        backbone[1].running_mean += 50  # the moving statistics say: all images lie far on one side
    assert collapse(planted(10, 20, backbone=backbone))["center"][0] > 0.99
    assert backbone.training
