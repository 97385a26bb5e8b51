"""Algorithm 5: the predictors' rate."""


def test_both_predictors_keep_their_rate(tools) -> None:
    method = tools.build("inverse_predictor", predictor_hidden=3)
    heads = [*method.predictor.parameters(), *method.inverse.parameters()]
    assert [id(p) for p in method.constant_rate()] == [id(p) for p in heads]
