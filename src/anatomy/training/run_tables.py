"""The tables of a trained run."""

from anatomy.augmentation.parameters import Parameters
from anatomy.measures import Table, Trained
from anatomy.training.network import bound_part
from anatomy.training.state import Training
from anatomy.training.streams import stream
from anatomy.training.train import autocast


def run_tables(training: Training) -> dict[str, Table]:
    """The run's tables: what recorders wrote, the loss an epoch, and every measure on the trained encoder."""
    run = training.run
    height, width = training.images.images.shape[2:]

    def draw(count: int, name: str) -> Parameters:
        drawn: Parameters = bound_part("views", run.views)(count, height, width, stream(run.seed, f"measure {name}"))
        return drawn

    trained = Trained(
        encoder=training.method.encoder,
        bank=training.images,
        unseen=training.unseen,
        size=run.size,
        draw=draw,
        generator=lambda name: stream(run.seed, f"measure {name}"),
        autocast=lambda: autocast(training.machine),
        predictor=training.method.predictor,
        steps=training.steps,
        others=training.others,
    )
    tables = {name: recorder.rows.table() for name, recorder in training.recorders.items()}
    tables["loss"] = _loss_table(training)
    return tables | {part.name: bound_part("measure", part)(trained) for part in run.measures}


def _loss_table(training: Training) -> Table:
    """Mean loss of each epoch, nats."""
    size = training.steps_per_epoch
    epochs = [training.losses[i : i + size] for i in range(0, len(training.losses), max(1, size))]
    return {"epoch": list(range(1, len(epochs) + 1)), "loss": [sum(losses) / len(losses) for losses in epochs]}
