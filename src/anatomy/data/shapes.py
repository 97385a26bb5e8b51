"""`shapes`: ten kinds of textured objects, drawn here, so that a first run needs no download.

The class is a shape that mostly wears its own texture; pose, color, light and clutter are nuisance,
drawn without a look at the class. Ours; tuned on four baselines only (raw pixels, random network,
supervised, plain InfoNCE: tests/data/test_shapes.py), then frozen: a change is a new name.

Every step is an operation that IEEE 754 rounds exactly (+ - * / sqrt, comparison, floor), in
float64, then rounded to uint8: sin, exp or a matrix product may differ between processors.
"""

from dataclasses import dataclass

import numpy as np

from anatomy.data.outlines import KINDS, TEXTURES, Array, disc, turn

DIGEST = "f8ad5393120c7fbe"  # changes with the bytes: a frozen set keeps it
COUNTS = {"train": 10_000, "test": 2_000}
BLOCK = 500  # images that share a generator; all classes equally often in each
SIDE = 32  # pixels
TIED_SHARE = 0.7  # share of the objects that wear their class's own texture


CLASS_NAMES = tuple(KINDS)
# Pixel centers, the frame being [-1, 1] x [-1, 1].
AXIS = (np.arange(SIDE) + 0.5) * (2 / SIDE) - 1


@dataclass(frozen=True)
class Nuisance:
    """What varies and is not the class, for n images; shares of [0, 1) unless said."""

    pose: Array  # [n, 6] angle, size, place x and y, aspect, mirror
    texture: Array  # [n, 3] frequency and two phases
    color: Array  # [n, 3, 3] of background, object and its texture: RGB in [0, 1]
    light: Array  # [n, 5] gain, direction and strength of light, direction and strength of ground
    clutter: Array  # [n, 7] there or not, direction, distance, radius, RGB
    noise: Array  # [n, H, W, 3]

    @classmethod
    def draw(cls, generator: np.random.Generator, n: int) -> "Nuisance":
        shares = generator.random((n, 6 + 3 + 12 + 5 + 7))
        pose, texture, color, light, clutter = np.split(shares, [6, 9, 21, 26], axis=1)
        noise = generator.random((n, SIDE, SIDE, 3))
        return cls(pose, texture, _colors(color), light, clutter, noise)

    def of(self, index: Array) -> "Nuisance":
        return Nuisance(*(values[index] for values in vars(self).values()))


def _colors(shares: Array) -> Array:
    """Colors [n, 3, 3] of ground, object and mark; gray, the ground lies between the other two.

    So an object is about as bright as its ground, and pixels alone say little about its outline.
    """
    shares = shares.reshape(-1, 3, 4)
    dark = np.where(shares[:, 1, 0] < 0.5, 0.2, 0.8)
    levels = np.stack([0.3 + 0.4 * shares[:, 0, 0], dark, 1 - dark], axis=1)
    chroma = (shares[:, :, 1:] - 0.5) * 0.5
    gray = 0.299 * chroma[:, :, :1] + 0.587 * chroma[:, :, 1:2] + 0.114 * chroma[:, :, 2:]
    return levels[:, :, None] + chroma - gray


def _along(share: Array) -> Array:
    """Position [n, H, W] from -1 to 1 along a direction, for gradients across the frame."""
    cos, sin = turn(share)
    return (cos[:, None, None] * AXIS + sin[:, None, None] * AXIS[:, None]) * 0.7


def _object_coordinates(pose: Array) -> tuple[Array, Array, Array]:
    """u, v [n, H, W] in the object's frame, and the length of a pixel in it [n, 1, 1]."""
    angle, size, x, y, aspect, mirror = (share[:, None, None] for share in pose.T)
    size = 0.75 + 0.3 * size
    cos, sin = turn(angle)
    dx = (AXIS - (x - 0.5) * 0.5) / size
    dy = (AXIS[:, None] - (y - 0.5) * 0.5) / size
    stretch = 0.85 + 0.3 * aspect
    u = (cos * dx + sin * dy) * stretch
    v = (cos * dy - sin * dx) / stretch * np.where(mirror < 0.5, 1.0, -1.0)
    return u, v, 2 / SIDE / size


def _cover(distance: Array, pixel: Array) -> Array:
    """Share [n, H, W, 1] of each pixel that lies inside the outline: anti-aliasing."""
    return np.clip(0.5 - distance / pixel, 0, 1)[..., None]


def _paint(kind: str, textures: Array, nuisance: Nuisance) -> Array:
    """Images of one class, uint8 [n, H, W, 3]; textures [n] are indices into TEXTURES."""
    outline = KINDS[kind][0]
    u, v, pixel = _object_coordinates(nuisance.pose)
    ground, base, mark = (nuisance.color[:, i, None, None, :] for i in range(3))
    gain, light_way, light, ground_way, ground_fall = (x[:, None, None] for x in nuisance.light.T)
    image = ground + (_along(ground_way[:, 0, 0]) * (ground_fall - 0.5) * 0.3)[..., None]
    image = _blend(image, *_clutter(nuisance.clutter))
    body = _blend(base, mark, _texture(u, v, textures, nuisance.texture))
    image = _blend(image, body, _cover(outline(u, v), pixel))
    shade = (0.8 + 0.4 * gain) * (1 + _along(light_way[:, 0, 0]) * light * 0.4)
    image = image * shade[..., None] + (nuisance.noise - 0.5) * 0.12
    return np.floor(np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)


def _blend(below: Array, above: Array, cover: Array) -> Array:
    return below + (above - below) * cover


def _texture(u: Array, v: Array, textures: Array, shares: Array) -> Array:
    """Share [n, H, W, 1] of the mark's color over the base color."""
    value = np.empty_like(u)
    for index, pattern in enumerate(TEXTURES.values()):
        of = textures == index
        f, p, q = (share[:, None, None] for share in shares[of].T)
        value[of] = pattern(u[of], v[of], 1.5 + 0.8 * f, p, q)
    return np.clip(0.5 + 1.2 * value, 0, 1)[..., None]


def _clutter(shares: Array) -> tuple[Array, Array]:
    """Color [n, 1, 1, 3] and cover [n, H, W, 1] of at most one small disc at the border."""
    there, way, distance, radius = (share[:, None, None] for share in shares[:, :4].T)
    cos, sin = turn(way)
    reach = 0.7 + 0.4 * distance
    spot = disc(AXIS - cos * reach, AXIS[:, None] - sin * reach, 0.12 + 0.15 * radius)
    return shares[:, None, None, 4:], _cover(spot, np.array(2 / SIDE)) * (there < 0.5)[..., None]


def plan(split: str, number: int) -> tuple[Array, Array, Nuisance]:
    """Labels [BLOCK], balanced; textures [BLOCK], tied to them; nuisance, drawn without them."""
    seed = np.random.SeedSequence([0, list(COUNTS).index(split), number])
    generator = np.random.Generator(np.random.PCG64(seed))
    labels = np.argsort(generator.random(BLOCK), kind="stable") % len(KINDS)
    own = np.array([list(TEXTURES).index(texture) for _, texture in KINDS.values()])[labels]
    tie, other = generator.random((2, BLOCK))
    textures = np.where(tie < TIED_SHARE, own, np.floor(other * len(TEXTURES)).astype(int))
    return labels, textures, Nuisance.draw(generator, BLOCK)


def block(split: str, number: int) -> tuple[Array, Array]:
    """One block: images uint8 [BLOCK, H, W, 3] and labels int64 [BLOCK], balanced."""
    labels, textures, nuisance = plan(split, number)
    images = np.empty((BLOCK, SIDE, SIDE, 3), np.uint8)
    for label, kind in enumerate(KINDS):
        index = np.flatnonzero(labels == label)
        images[index] = _paint(kind, textures[index], nuisance.of(index))
    return images, labels


def draw(split: str, n: int) -> tuple[Array, Array]:
    """The first n images uint8 [n, 32, 32, 3] and labels int64 [n] of a split."""
    blocks = [block(split, number) for number in range(-(-n // BLOCK))]
    images, labels = (np.concatenate(arrays) for arrays in zip(*blocks, strict=True))
    return images[:n], labels[:n]
