"""One linear layer for a predictor: p = W Z."""


def test_it_has_no_bias_and_may_follow_the_schedule(tools) -> None:
    method = tools.build("single_linear")
    assert list(dict(method.predictor.named_parameters())) == ["linear.weight"]
    assert len(method.constant_rate()) == 1
    assert tools.build("single_linear", constant_predictor=False).constant_rate() == []
