"""A weight on the positive's distance: its score, its gradient, and that nothing else moves."""

from anatomy.transforms.none import none
from anatomy.transforms.positive_weight import positive_weight
from mixed_positives import distance, tangent
from reference import assert_close


def test_the_gradient_of_the_score_is_multiplied_by_c(features) -> None:
    """Along the sphere the query's own part of the mixture has none."""
    assert_close(tangent(features, positive_weight, c=2.6), 2.6 * tangent(features, none))


def test_a_weighted_positive_leaves_the_queries_where_they_are(features) -> None:
    out = positive_weight(*features, None, c=2.6)
    assert_close(distance(out.query, out.key), 2.6 * distance(*features[:2]))
    assert out.query is features[0]
    assert out.queue is features[2]
