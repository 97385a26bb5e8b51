"""Slow oracles: plain loops in float64, written from the papers' equations.

Nothing here imports the package, and nothing is clever: an oracle that shares code, or a trick, with
what it judges shares its mistakes too. `TOLERANCES` is the one table of how near is near enough.
"""

from math import exp, inf, log, log1p, sqrt

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Relative to the largest entry expected. No test widens them without a reason beside it.
TOLERANCES = {"float64": 1e-10, "float32": 1e-5, "bfloat16": 1e-2, "float16": 1e-2}


def assert_close(actual: object, expected: object, *, dtype: str | None = None) -> None:
    """Every entry within the tolerance of `dtype` (that of `actual` by default), none a NaN.

    Entries that are zero are compared with the size of the largest: give `expected` in one piece.
    """
    kind = dtype or str(getattr(actual, "dtype", "float64")).removeprefix("torch.")
    found, wanted = array(actual), array(expected)
    assert found.shape == wanted.shape, f"{found.shape} is not {wanted.shape}"
    assert np.isfinite(found).all(), found
    largest = np.abs(wanted).max(initial=0.0)
    # Nothing but zeros expected: then the size of numbers is 1, as that of similarities.
    np.testing.assert_allclose(found, wanted, rtol=0, atol=TOLERANCES[kind] * (largest or 1.0))


def array(values: object) -> Array:
    """A tensor or a list as a NumPy array of float64."""
    if hasattr(values, "detach"):
        values = values.detach().double().cpu().numpy()
    return np.asarray(values, dtype=np.float64)


# --- one anchor: positive similarity, K negative similarities, temperature


def log_sum_exp_of(negatives: Array, temperature: float) -> float:
    """log sum_j exp(s_j / T), the largest taken out so that T = 0.01 does not overflow."""
    scaled = [s / temperature for s in negatives]
    top = max(scaled)
    return top + log(sum(exp(x - top) for x in scaled))


def info_nce_of(positive: float, negatives: Array, temperature: float) -> float:
    """-log [exp(s+/T) / (exp(s+/T) + sum_j exp(s_j/T))]: He et al. 2020, arXiv:1911.05722, eq. 1.

    Divided above and below by exp(s+/T).
    """
    return log1p(sum(exp((s - positive) / temperature) for s in negatives))


def decoupled_of(positive: float, negatives: Array, temperature: float) -> float:
    """-s+/T + log sum_j exp(s_j/T): Yeh et al. 2022, arXiv:2110.06848, equation 6."""
    return -positive / temperature + log_sum_exp_of(negatives, temperature)


def hardness_of(positive: float, negatives: Array, temperature: float) -> float:
    """W = sum_j p_j, the share of the negatives: Zhang et al. 2022, arXiv:2203.17248, the scalar part.

    T = inf: every exponential is 1, so W = K / (K + 1).
    """
    if temperature == inf:
        return len(negatives) / (len(negatives) + 1)
    ratios = sum(exp((s - positive) / temperature) for s in negatives)
    return ratios / (1 + ratios)


def info_nce_gradient_of(positive: float, negatives: Array, temperature: float) -> Array:
    """[(p_0 - 1) / T, p_1 / T, .., p_K / T]; p_0 - 1 is written -sum_j p_j, which keeps its digits."""
    ratios = [exp((s - positive) / temperature) for s in negatives]
    total = 1 + sum(ratios)
    return np.array([-sum(ratios), *ratios]) / total / temperature


def decoupled_gradient_of(positive: float, negatives: Array, temperature: float) -> Array:
    """[-1 / T, phat_1 / T, ..]; phat is the softmax over the negatives alone."""
    top = max(negatives)
    ratios = np.array([exp((s - top) / temperature) for s in negatives])
    return np.array([-1.0, *(ratios / ratios.sum())]) / temperature


def dual_temperature_gradient_of(
    positive: float, negatives: Array, intra: float, inter: float, others: Array | None = None
) -> Array:
    """The published form: InfoNCE's gradient at T_intra times the constant W(T_inter) / W(T_intra).

    Zhang et al. 2022, arXiv:2203.17248, and ChaoningZhang/Dual-temperature. `others`: the negatives
    that W(T_inter) is computed from, where there are two dictionaries.
    """
    above = hardness_of(positive, negatives if others is None else others, inter)
    ratio = above / hardness_of(positive, negatives, intra)
    return ratio * info_nce_gradient_of(positive, negatives, intra)


def debiased_of(positive: float, negatives: Array, temperature: float, beta: float, tau_plus: float) -> float:
    """-log [e+ / (e+ + g)], g = max[(S - tau K e+) / (1 - tau), K exp(-1/T)], e+ = exp(s+/T).

    Chuang et al. 2020, arXiv:2007.00224, equation 8, with beta = 0: S = sum_j e_j. Robinson et al. 2021,
    arXiv:2010.04592: S = sum_j w_j e_j, where w_j is e_j^beta over its mean.
    """
    e, own, count = [exp(s / temperature) for s in negatives], exp(positive / temperature), len(negatives)
    mean = sum(x**beta for x in e) / count
    total = sum(x**beta / mean * x for x in e)
    g = max((total - tau_plus * count * own) / (1 - tau_plus), count * exp(-1 / temperature))
    return -log(own / (own + g))


def cacr_of(positives: Array, negatives: Array, tau_positive: float, tau_negative: float) -> float:
    """sum_k pi_k d_k - sum_j pi_j d_j with d = 2 - 2 s: Zheng et al. 2023, arXiv:2105.03746.

    pi of a positive goes with exp(tau d), of a negative with exp(-tau d).
    """
    total = 0.0
    for sign, tau, similarities in ((1, tau_positive, positives), (-1, -tau_negative, negatives)):
        d = [2 - 2 * s for s in similarities]
        weights = [exp(tau * x) for x in d]
        total += sign * sum(w * x for w, x in zip(weights, d, strict=True)) / sum(weights)
    return total


def spectral_of(positive: float, negatives: Array, mu: float) -> float:
    """-2 f.f+ + mean (f.f-)^2 with |f|^2 = mu: HaoChen et al. 2021, arXiv:2106.04156, equation 6."""
    return -2 * mu * positive + sum((mu * s) ** 2 for s in negatives) / len(negatives)


# --- a batch: positive [N], negatives [N, K]; the same one by one


def debiased(positive: Array, negatives: Array, temperature: float, beta: float, tau_plus: float) -> Array:
    return np.array([debiased_of(p, n, temperature, beta, tau_plus) for p, n in zip(positive, negatives, strict=True)])


def cacr(positives: Array, negatives: Array, tau_positive: float, tau_negative: float) -> Array:
    """`positives` [N, P]"""
    return np.array([cacr_of(p, n, tau_positive, tau_negative) for p, n in zip(positives, negatives, strict=True)])


def spectral(positive: Array, negatives: Array, mu: float) -> Array:
    return np.array([spectral_of(p, n, mu) for p, n in zip(positive, negatives, strict=True)])


def decoupled_weighted(positive: Array, negatives: Array, temperature: float, sigma: float) -> Array:
    """-w_i s+/T + log sum_j exp(s_j/T), w_i = 2 - exp(s+/sigma) / mean over the batch of it.

    Yeh et al. 2022, arXiv:2110.06848, section 3.3, as lightly has it.
    """
    e = [exp(p / sigma) for p in positive]
    weights = [2 - x / (sum(e) / len(e)) for x in e]
    lse = [log_sum_exp_of(row, temperature) for row in negatives]
    return np.array([top - w * p / temperature for top, w, p in zip(lse, weights, positive, strict=True)])


def align_uniform(positive: Array, negatives: Array, t: float, weight: float) -> float:
    """mean |a - b|^2 + weight log mean exp(-t |a - c|^2), over all pairs; a number for the batch.

    Wang and Isola 2020, arXiv:2005.10242, section 4.2, alpha = 2.
    """
    align = sum(2 - 2 * p for p in positive) / len(positive)
    pairs = [exp(-t * (2 - 2 * s)) for row in negatives for s in row]
    return align + weight * log(sum(pairs) / len(pairs))


def log_sum_exp(negatives: Array, temperature: float) -> Array:
    return np.array([log_sum_exp_of(row, temperature) for row in negatives])


def info_nce(positive: Array, negatives: Array, temperature: float) -> Array:
    return _each(info_nce_of, positive, negatives, temperature)


def decoupled(positive: Array, negatives: Array, temperature: float) -> Array:
    return _each(decoupled_of, positive, negatives, temperature)


def hardness(positive: Array, negatives: Array, temperature: float) -> Array:
    return _each(hardness_of, positive, negatives, temperature)


def info_nce_gradient(positive: Array, negatives: Array, temperature: float) -> Array:
    """[N, 1 + K]; column 0 belongs to the positive."""
    return _each(info_nce_gradient_of, positive, negatives, temperature)


def decoupled_gradient(positive: Array, negatives: Array, temperature: float) -> Array:
    """[N, 1 + K]; column 0 belongs to the positive."""
    return _each(decoupled_gradient_of, positive, negatives, temperature)


def dual_temperature_gradient(
    positive: Array, negatives: Array, intra: float, inter: float, others: Array | None = None
) -> Array:
    """[N, 1 + K]; column 0 belongs to the positive."""
    rows = negatives if others is None else others
    each = zip(positive, negatives, rows, strict=True)
    return np.array([dual_temperature_gradient_of(p, n, intra, inter, o) for p, n, o in each])


def _each(of_one, positive: Array, negatives: Array, temperature: float) -> Array:
    pairs = zip(positive, negatives, strict=True)
    return np.array([of_one(float(p), n, temperature) for p, n in pairs])


# --- from embeddings


def cosine(a: Array, b: Array) -> float:
    """a.b / (|a| |b|)"""
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    return dot / sqrt(sum(x * x for x in a)) / sqrt(sum(y * y for y in b))


def in_batch(z1: Array, z2: Array, both_views: bool = False) -> tuple[Array, Array]:
    """Anchor i is z1_i, its positive z2_i; negatives are z2_j and, with both views, z1_j, for j != i."""
    others = [[j for j in range(len(z1)) if j != i] for i in range(len(z1))]
    positive = [cosine(z1[i], z2[i]) for i in range(len(z1))]
    rows = [[cosine(z1[i], z2[j]) for j in others[i]] for i in range(len(z1))]
    if both_views:
        rows = [row + [cosine(z1[i], z1[j]) for j in others[i]] for i, row in enumerate(rows)]
    return np.array(positive), np.array(rows)


def nt_xent(z1: Array, z2: Array, temperature: float) -> float:
    """NT-Xent over 2N embeddings: Chen et al. 2020, arXiv:2002.05709, Algorithm 1 and equation 1.

    Rows 2k - 1 and 2k (from 1) are the two views of image k; l(i, j) sums over all 2N - 1 others.
    """
    z = [row for pair in zip(z1, z2, strict=True) for row in pair]
    s = [[cosine(a, b) for b in z] for a in z]

    def ell(i: int, j: int) -> float:
        below = sum(exp(s[i][k] / temperature) for k in range(len(z)) if k != i)
        return -log(exp(s[i][j] / temperature) / below)

    count = len(z1)
    return sum(ell(2 * k, 2 * k + 1) + ell(2 * k + 1, 2 * k) for k in range(count)) / (2 * count)


def knn_vote(query: Array, bank: Array, labels: list[int], classes: int, k: int, temperature: float) -> Array:
    """The k most similar vote for their class with exp(s / T): Wu et al. 2018, arXiv:1805.01978, 3.4."""
    ranked = sorted(((cosine(query, b), label) for b, label in zip(bank, labels, strict=True)), reverse=True)
    votes = np.zeros(classes)
    for similarity, label in ranked[:k]:
        votes[label] += exp(similarity / temperature)
    return votes


# --- mixed features: the code of Zhu et al. 2021 (DTennant/CL-Visualizing-Feature-Transformation)


def mixed(a: Array, b: Array, share: float) -> Array:
    """share x a + (1 - share) x b, entry by entry."""
    return np.array([share * x + (1 - share) * y for x, y in zip(a, b, strict=True)])


def mixed_score_of(query: Array, key: Array, shares: Array) -> float:
    """q^.k^ with one share for each dimension: q^ = l q + (1 - l) k, k^ = l k + (1 - l) q."""
    each = zip(query, key, shares, strict=True)
    return sum((s * q + (1 - s) * k) * (s * k + (1 - s) * q) for q, k, s in each)


# --- scores


def variance_of(values: Array) -> float:
    """The unbiased variance."""
    mean = sum(values) / len(values)
    return sum((x - mean) ** 2 for x in values) / (len(values) - 1)


def log_mean_exp_of(values: Array, temperature: float) -> float:
    return log_sum_exp_of(values, temperature) - log(len(values))


def histogram_of(scores: Array, bins: int) -> Array:
    """How many scores lie in [edge, next edge) of equal bins over [-1, 1];
    1 and above in the last, below -1 in the first."""
    counts = np.zeros(bins)
    for score in scores:
        place = 0
        while place < bins - 1 and score >= -1 + (place + 1) * 2 / bins:
            place += 1
        counts[place] += 1
    return counts


# --- normalization of maps x [N, C, H, W]; what shares a statistic is written as loops over it


def standardized(values: Array, unbiased: bool = False, eps: float = 1e-5) -> Array:
    """(x - mean) / sqrt(variance + eps) of a set of numbers, of whatever shape."""
    flat = values.ravel().tolist()
    mean = sum(flat) / len(flat)
    variance = sum((x - mean) ** 2 for x in flat) / (len(flat) - unbiased)
    return (values - mean) / sqrt(variance + eps)


def by_group(x: Array, groups: int, unbiased: bool = False) -> Array:
    """One set for each image and group of neighboring channels: Wu and He 2018, arXiv:1803.08494, equation 7."""
    out, size = np.empty_like(x), x.shape[1] // groups
    for n in range(len(x)):
        for start in range(0, x.shape[1], size):
            out[n, start : start + size] = standardized(x[n, start : start + size], unbiased)
    return out


def by_channel(x: Array, unbiased: bool = False) -> Array:
    """One set for each channel: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1, over images and pixels."""
    out = np.empty_like(x)
    for c in range(x.shape[1]):
        out[:, c] = standardized(x[:, c], unbiased)
    return out


def by_pixel(x: Array) -> Array:
    """One set for each channel and pixel, over the images alone; agusgun/CS-570-Project, unbiased."""
    out = np.empty_like(x)
    for c, h, w in np.ndindex(*x.shape[1:]):
        out[:, c, h, w] = standardized(x[:, c, h, w], unbiased=True)
    return out


def group_plus(x: Array, groups: int, order: str, balance: float, per_channel: bool = False) -> Array:
    """s a + (1 - s) b, s = 1 / (1 + exp(-l)); agusgun/CS-570-Project, its three forms."""

    def batch(u: Array) -> Array:
        return by_channel(u, unbiased=True) if per_channel else by_pixel(u)

    if order == "batch_first":
        b = batch(x)
        a = by_group(b, groups, unbiased=True)
    else:
        a = by_group(x, groups, unbiased=True)
        b = batch(a if order == "group_first" else x)
    share = 1 / (1 + exp(-balance))
    return share * a + (1 - share) * b


def standardized_weights(weight: Array) -> Array:
    """(W - mean) / (deviation + 1e-5) for each output channel, unbiased; joe-siyuan-qiao/WeightStandardization."""
    out = np.empty_like(weight)
    for o, rows in enumerate(weight):
        flat = rows.ravel().tolist()
        mean = sum(flat) / len(flat)
        out[o] = (rows - mean) / (sqrt(sum((w - mean) ** 2 for w in flat) / (len(flat) - 1)) + 1e-5)
    return out


# --- centers and residuals: z [N, D] as rows


def center_of(z: Array) -> Array:
    """o = (1/N) sum_i z_i: Zhang et al. 2022, arXiv:2203.16262."""
    total = np.zeros(z.shape[1])
    for row in z:
        total += row
    return total / len(z)


def length(vector: Array) -> float:
    return sqrt(sum(x * x for x in vector))


def covariance(z: Array) -> Array:
    """C_ij = sum_n (z_ni - o_i)(z_nj - o_j) / (N - 1)."""
    o, d = center_of(z), z.shape[1]
    return np.array(
        [[sum((r[i] - o[i]) * (r[j] - o[j]) for r in z) / (len(z) - 1) for j in range(d)] for i in range(d)]
    )


def off_diagonal_square(c: Array) -> float:
    return sum(c[i][j] ** 2 for i in range(len(c)) for j in range(len(c)) if i != j)


def geometry(z: Array) -> dict[str, float]:
    """Spread, m_o, m_r, effective rank (tr C)^2 / tr C^2, and the sum over i != j of C_ij^2."""
    o, c, (n, d) = center_of(z), covariance(z), z.shape
    deviations = [sqrt(sum((row[i] - o[i]) ** 2 for row in z) / n) for i in range(d)]
    squares = sum(x * x for row in c for x in row)
    return {
        "spread": sum(deviations) / d * sqrt(d),
        "center": length(o),
        "residual": sum(length(row - o) for row in z) / n,
        "rank": sum(c[i][i] for i in range(d)) ** 2 / squares,
        "covariance": off_diagonal_square(c),
    }


def info_nce_extra(anchor: Array, keys: Array, temperature: float) -> Array:
    """G_e = -sum_j lambda_j Z_j of each anchor, the positive among the keys (Zhang et al. 2022, arXiv:2203.16262)."""
    found = []
    for a in anchor:
        weights = [exp(float(a @ k) / temperature) for k in keys]
        found.append(-sum(w * k for w, k in zip(weights, keys, strict=True)) / sum(weights))
    return np.array(found)


def convolved(image: Array, kernel: npt.NDArray[np.complex128], step: int) -> npt.NDArray[np.complex128]:
    """(x * k)(u) = sum_v x(u - v) k(v) at every `step`-th pixel u, x being 0 beyond its border."""
    reach, (height, width) = len(kernel) // 2, image.shape
    rows, columns = range(0, height, step), range(0, width, step)
    found = np.zeros((len(rows), len(columns)), dtype=complex)
    for i, at_row in enumerate(rows):
        for j, at_column in enumerate(columns):
            for a in range(-reach, reach + 1):
                for b in range(-reach, reach + 1):
                    y, x = at_row - a, at_column - b
                    if 0 <= y < height and 0 <= x < width:
                        found[i, j] += image[y, x] * kernel[reach + a, reach + b]
    return found


def morlet(deviation: float, wave: float, slant: float, angle: float) -> npt.NDArray[np.complex128]:
    """g(u) (e^(i wave r.u) - c) with r the direction of the angle and c such that the sum is 0; g is a Gaussian of sum
    1, 1 / slant as wide across r as along it; cut off at two and a half deviations of the wider."""
    reach = int(np.ceil(2.5 * deviation / min(1.0, slant)))
    window = np.zeros((2 * reach + 1, 2 * reach + 1))
    waves = np.zeros_like(window, dtype=complex)
    for a in range(-reach, reach + 1):
        for b in range(-reach, reach + 1):
            along, across = b * np.cos(angle) + a * np.sin(angle), a * np.cos(angle) - b * np.sin(angle)
            window[reach + a, reach + b] = exp(-(along**2 + slant**2 * across**2) / (2 * deviation**2))
            waves[reach + a, reach + b] = np.exp(1j * wave * along)
    window /= window.sum()
    return np.asarray(window * (waves - (window * waves).sum()))


def gaussian(deviation: float) -> npt.NDArray[np.complex128]:
    """Of sum 1, cut off at two and a half deviations."""
    reach = int(np.ceil(2.5 * deviation))
    places = range(-reach, reach + 1)
    kernel = np.array([[exp(-(a * a + b * b) / (2 * deviation**2)) for b in places] for a in places], dtype=complex)
    return np.asarray(kernel / kernel.sum())


def scattering(image: Array, orientations: int) -> Array:
    """||x * psi_1| * psi_2| * phi at every fourth pixel, J = 2 (Bruna and Mallat 2013, arXiv:1203.1513, section 2); a
    color is followed by its moduli of the first scale, then come those of the second in each of these. What the
    second scale gives is kept at every other pixel."""
    angles = [np.pi * at / orientations for at in range(orientations)]
    fine = [morlet(0.8, 0.75 * np.pi, 4 / orientations, angle) for angle in angles]
    coarse = [morlet(1.6, 0.375 * np.pi, 4 / orientations, angle) for angle in angles]
    mean, mean_of_half = gaussian(1.6), gaussian(0.8)
    found = []
    for color in image:
        maps = [color, *(np.abs(convolved(color, kernel, 1)) for kernel in fine)]
        halves = [np.abs(convolved(each, kernel, 2)) for each in maps for kernel in coarse]
        found += [convolved(each, mean, 4).real for each in maps]
        found += [convolved(each, mean_of_half, 2).real for each in halves]
    return np.array(found)
