"""Images and their views."""

from mutant_tables.mutant import Mutant, mutants

MUTANTS: list[Mutant] = [
    *mutants(
        "augmentation/views.py",
        "test_views.py",
        (
            "the flip mirrored",
            "torch.where(flip[:, None], size - 1 - index, index)",
            "torch.where(flip[:, None], index, size - 1 - index)",
        ),
        ("rows flipped, not columns", "torch.zeros_like(flip), images.shape[2]", "flip, images.shape[2]"),
        (
            "whole images mirrored",
            "torch.rand(count, generator=generator) < flip_share",
            "torch.rand(count, generator=generator) >= flip_share",
        ),
    ),
    *mutants(
        "augmentation/recolor.py",
        "test_views.py",
        ("sorted as if they lay as at first", "at[images[:, stage], stage - 1] if stage", "images[:, stage] if stage"),
        ("images left where they were sorted to", "views = views.index_select(0, at[:, -1])", "pass"),
        ("gray for all on a card", "drawn.gray[:, None, None, None], views)", "drawn.gray.any(), views)"),
        ("one matrix turns hues back", "((0.0, 1.0), (-1.0, 0.0))", "((0.0, -1.0), (1.0, 0.0))"),
        ("one matrix never gray", " * ~drawn.gray[:, None, None]", ""),
        (
            "one matrix for images that keep their colors",
            "drawn.factors.where(happens, torch.tensor((1.0, 1.0, 1.0, 0.0)))",
            "drawn.factors",
        ),
        ("contrast forgets brightness", "(brightness * (1 - contrast)).flatten()", "(1 - contrast).flatten()"),
        ("one matrix cuts nothing off", ".clamp_(0, 1)", ""),
    ),
    *mutants(
        "augmentation/color.py",
        "test_views.py",
        ("contrast around zero", "(mean * (1 - factor))", "(mean * 0 * factor)"),
        ("brightness not clamped", "views.mul_(factor[:, None]).clamp_(0, 1)", "views.mul_(factor[:, None])"),
        ("a hue of both sectors", "no.mul_(1 - equal).addcmul_", "no.addcmul_"),
    ),
    *mutants(
        "data/folder.py",
        "data/test_folder.py data/test_folder_errors.py data/test_pictures.py",
        ("trained on the held-out tenth", "whole & ~test, test)", "whole, test)"),
        ("a class goes missing", "if (split, name) not in there and", "if False and"),
        ("what looks the same is two classes", "return one_form(Path", "return str(Path"),
    ),
    *mutants(
        "data/scan.py",
        "data/test_folder.py data/test_folder_errors.py data/test_pictures.py",
        ("a link to nothing is skipped", "split.lost.append(Lost(file, BROKEN_LINK", "(Lost(file, BROKEN_LINK"),
        (
            "a folder out of reach is skipped",
            "        raise out_of_reach(root / here, error) from None",
            "        return",
        ),
        ("a pipe is skipped", 'split.lost.append(Lost(file, "a pipe', '(Lost(file, "a pipe'),
    ),
    *mutants(
        "data/depth.py",
        "data/test_depth.py",
        ("test images decide", "for i in members if trained_on[i]]", "for i in members]"),
        ("each image by its own range", "_drawn(found[i], low, high)", "_drawn(found[i], *span([found[i].values]))"),
        ("a hot pixel decides", "PERCENTILES = (0.1, 99.9)", "PERCENTILES = (0, 100)"),
        ("low bytes forgotten", "256 * high + np.asarray(_low_bytes(path), np.float32)", "257 * high"),
        ("whoever uses its depth is stretched too", "high - low >= MIN_DEPTH_USED * top", "high - low >= 2 * top"),
    ),
    *mutants(
        "data/archive.py",
        "data/test_archive.py",
        ("test classes that training lacks", "    if unseen.size:", "    if False:"),
    ),
    *mutants(
        "data/npz.py",
        "data/test_archive.py",
        ("a pickled array is not named", "if dtype.hasobject:", "if False:"),
        ("a shape that memory has no room for", "check_fits_memory(path, needed :=", "max(0, needed :="),
    ),
]
