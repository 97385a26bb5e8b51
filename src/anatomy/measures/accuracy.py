"""Accuracy of a classifier whose embedding z is its logits, on unseen, clean images, in evaluation mode.

The images go through the network 100 at a time, as in agusgun/CS-570-Project (Gunawan et al. 2022, arXiv:2207.01972): a
layer that takes the statistics of its test batch needs one, and its accuracy depends on its size.
"""

from anatomy.measures import Table, Trained
from anatomy.quantities import Count


def accuracy(classifier: Trained, *, test_batch: Count = 100) -> Table:
    """Columns accuracy (percent), unseen (images), test_batch; a last batch of one image is left out."""
    whole = len(classifier.unseen) - (len(classifier.unseen) % test_batch == 1)
    unseen = type(classifier.unseen)(classifier.unseen.images[:whole], classifier.unseen.labels[:whole])
    z = classifier.clean_embeddings(unseen, at_once=test_batch)
    right = (z.argmax(1) == unseen.labels).double().mean().item()
    return {"accuracy": [100 * right], "unseen": [whole], "test_batch": [test_batch]}
