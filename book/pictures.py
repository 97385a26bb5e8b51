"""make pictures: what a network sees, and what it finds alike before and after training; some 40 seconds of training.

Records hold no weights, so one published run of chapter one is trained again, here, on the drawn shapes. Written are
assets/pictures/views.png, neighbors.png and pictures.json: the run, the machine, the numbers of the page "In pictures",
and the SHA-256 of both files.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import normalize

from anatomy.augmentation import views
from anatomy.data.image_set import ImageSet
from anatomy.hardware.machine import Machine
from anatomy.runs.config import Run
from anatomy.storage.files import write_whole
from anatomy.study.study import Study
from anatomy.training.batches import batches
from anatomy.training.run_tables import run_tables
from anatomy.training.state import Training
from anatomy.training.train import fit, prepare
from picture_sheets import Pixels, neighbor_sheet, pair_sheet

FOLDER = Path(__file__).parent / "assets" / "pictures"
PAIRS = 9  # images of the first batch
NEAREST = 5  # neighbors of an image
CHUNK = 500  # images through the network at a time


def main() -> int:
    study = Study("dictionary_size", preset="laptop", records="use")
    run = study.paper[0]
    pictures, said = made(run, Machine("cpu", "fp32", compile="no").resolved())
    record = study.found[study.key(run)]
    said |= {"key": study.key(run), "published_knn": record["tables"]["knn"]["accuracy"][0]}
    for name, content in pictures.items():
        write_whole(FOLDER / name, content)
    write_whole(FOLDER / "pictures.json", (json.dumps(said, indent=1) + "\n").encode())
    print(json.dumps(said, indent=1))
    return 0


def made(run: Run, machine: Machine) -> tuple[dict[str, bytes], dict[str, object]]:
    """Both pictures by file name, and what is said of them."""
    run = run.model_copy(update={"recorders": (), "measures": run.measures[:1]})
    training = prepare(run, machine)
    pictures = {"views.png": first_views(training)}
    before = nearest(training, training.unseen)
    fit(training, save=lambda at: None)
    after = nearest(training, training.unseen)
    queries = first_of_each_class(training.unseen.labels)
    pictures["neighbors.png"] = neighbor_sheet(
        pixels(training.unseen.images), training.unseen.labels.tolist(), queries, before.tolist(), after.tolist()
    )
    said: dict[str, object] = {
        "machine": {"device": machine.device, "precision": machine.precision, "torch": torch.__version__},
        "knn": round(run_tables(training)["knn"]["accuracy"][0], 1),
        "pairs": PAIRS,
        "images": len(training.unseen),
        "classes": int(training.unseen.labels.max()) + 1,
        "nearest": NEAREST,
        "rows": len(queries),
    }
    for when, found in (("before", before), ("after", after)):
        alike = training.unseen.labels[found] == training.unseen.labels[:, None]  # [N, NEAREST]
        said[when] = {"all": round(float(alike.double().mean()), 4), "shown": int(alike[queries].sum())}
    return pictures, said | {"sha256": {name: hashlib.sha256(file).hexdigest() for name, file in pictures.items()}}


def first_views(training: Training) -> bytes:
    """The first images of the first batch, whole, and their two views as the network gets them."""
    batch = next(batches(training))
    images = training.images.images[batch.index[:PAIRS]]
    columns = [images, *(shown(view[:PAIRS]) for view in batch.views)]
    return pair_sheet([pixels(column) for column in columns])


def shown(view: Float[Tensor, "N 3 S S"]) -> Int[Tensor, "N 3 S S"]:
    """Normalized values as pixels again; 0 and 255 are the ends that an image file has."""
    return ((view / 4 + 0.5).clamp(0, 1) * 255).round().to(torch.uint8)


def pixels(images: Tensor) -> Pixels:
    """[N, 3, H, W] -> [N, H, W, 3]."""
    found: Pixels = images.permute(0, 2, 3, 1).contiguous().numpy()
    return found


@torch.no_grad()
def nearest(training: Training, images: ImageSet) -> Int[Tensor, "N {NEAREST}"]:
    """Of each image the others whose representations are most alike by cosine, the most alike first."""
    backbone = training.method.encoder.backbone.eval()
    chunks = images.images.split(CHUNK)
    h = normalize(torch.cat([backbone(views.clean(chunk, size=training.run.size)) for chunk in chunks]))
    training.method.train()
    return (h @ h.T).fill_diagonal_(-1).topk(NEAREST).indices


def first_of_each_class(labels: Int[Tensor, " N"]) -> list[int]:
    """The first image of every class: nobody chose one."""
    return [int((labels == each).nonzero()[0]) for each in labels.unique()]


if __name__ == "__main__":
    torch.set_num_threads(1)
    sys.exit(main())
