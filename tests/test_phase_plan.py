"""The plan of a run that switches: how it is read, and how its end is written."""

from anatomy.phase_plan import in_words, plan_of, to_the_end


def test_objectives_and_steps_in_order() -> None:
    assert plan_of("simsiam 60, info_nce 7") == [("simsiam", 60), ("info_nce", 7)]


def test_the_end_is_written_as_in_published_runs() -> None:
    """It is part of their keys."""
    assert to_the_end("covariance") == "covariance 100000"


def test_a_legend_leaves_out_steps_that_no_run_has() -> None:
    assert in_words(f"simsiam 60, {to_the_end('mirror')}") == "simsiam 60, mirror"
    assert in_words("center 40, residual 40") == "center 40, residual 40"
