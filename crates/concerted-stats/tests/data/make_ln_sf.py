"""Make ln_sf.csv: natural logs of survival functions at 60 digits, to hold the code against.

usage: python make_ln_sf.py > ln_sf.csv        (needs mpmath; takes about a minute)

A row is `family,a,b,c,k,ln_sf`: poisson has a = mu; binomial a = n, b = p; hypergeometric
a = population, b = successes, c = draws; poisson_binomial a = the probabilities joined by spaces.
Inputs are doubles, taken exactly. The sums run over the terms of the distribution itself, from the
side on which they are small, so nothing here shares a formula with the code under test except the
definition.
"""
import math
from itertools import product

import mpmath as mp

mp.mp.dps = 60
TINY = mp.mpf(10) ** -50


def series(first, ratio):
    """first * (1 + r0 + r0 r1 + ...), where ratio(j) goes from term j to term j + 1 and falls below 1."""
    total = term = mp.mpf(1)
    j = 0
    while True:
        r = ratio(j)
        if r <= 0:
            break
        term *= r
        total += term
        j += 1
        if r < 1 and term * r / (1 - r) < TINY * total:
            break
    return first + mp.log(total)


def two_sided(k, mean, ln_pmf, up, down):
    """ln P[X >= k], from above when k is above the mean and from below otherwise."""
    if k > mean:
        return series(ln_pmf(k), lambda j: up(k + j))
    return mp.log1p(-mp.exp(series(ln_pmf(k - 1), lambda j: down(k - 1 - j))))


def poisson(mu, k):
    m = mp.mpf(mu)
    return two_sided(
        k, m,
        lambda x: -m + x * mp.log(m) - mp.loggamma(x + 1),
        lambda x: m / (x + 1),
        lambda x: x / m,
    )


def binomial(n, p, k):
    p = mp.mpf(p)
    q = 1 - p
    return two_sided(
        k, n * p,
        lambda x: mp.loggamma(n + 1) - mp.loggamma(x + 1) - mp.loggamma(n - x + 1) + x * mp.log(p) + (n - x) * mp.log(q),
        lambda x: mp.mpf(n - x) / (x + 1) * p / q,
        lambda x: mp.mpf(x) / (n - x + 1) * q / p,
    )


def hypergeometric(big, good, draws, k):
    def ln_choose(a, b):
        return mp.loggamma(a + 1) - mp.loggamma(b + 1) - mp.loggamma(a - b + 1)

    return two_sided(
        k, mp.mpf(good) * draws / big,
        lambda x: ln_choose(good, x) + ln_choose(big - good, draws - x) - ln_choose(big, draws),
        lambda x: mp.mpf(good - x) * (draws - x) / ((x + 1) * (big - good - draws + x + 1)),
        lambda x: mp.mpf(x) * (big - good - draws + x) / ((good - x + 1) * (draws - x + 1)),
    )


def poisson_binomial(ps, k):
    pmf = [mp.mpf(1)]
    for p in map(mp.mpf, ps):
        nxt = [mp.mpf(0)] * (len(pmf) + 1)
        for j, w in enumerate(pmf):
            nxt[j] += w * (1 - p)
            nxt[j + 1] += w * p
        pmf = nxt
    upper, lower = mp.fsum(pmf[k:]), mp.fsum(pmf[:k])
    return mp.log(upper) if upper < lower else mp.log1p(-lower)


def row(family, a, b, c, k, value):
    print(f"{family},{a},{b},{c},{k},{mp.nstr(value, 25, min_fixed=0, max_fixed=0)}")


def main():
    print("family,a,b,c,k,ln_sf")
    # Poisson: small means as pairs have them, then around and far above the mean.
    for mu in [1e-300, 1e-12, 1e-6, 0.001, 0.01, 0.02, 0.1, 0.5, 0.99, 1.0, 2.5, 7.3, 10.0, 40.25]:
        for k in [1, 2, 3, 5, 8, 12, 20, 50, 200]:
            row("poisson", repr(mu), "", "", k, poisson(mu, k))
    for mu in [100.0, 1234.5, 1e5, 1e7]:
        sd = math.sqrt(mu)
        for z in [-30, -8, -5, -2, -1, -0.1, 0, 0.1, 1, 2, 5, 8, 20, 100, 450]:
            k = round(mu + z * sd)
            if k >= 1:
                row("poisson", repr(mu), "", "", k, poisson(mu, k))
        for k in [round(mu) - 1, round(mu) + 1, round(2 * mu), round(10 * mu)]:
            row("poisson", repr(mu), "", "", k, poisson(mu, k))
    for mu, k in [(1e-3, 12_000), (5.0, 20_000), (300.0, 40_000), (1e-5, 1000), (1e-300, 300), (20_000.0, 110_000)]:
        row("poisson", repr(mu), "", "", k, poisson(mu, k))
    # Binomial.
    for n, p in product([1, 2, 5, 20, 100], [1e-300, 1.1e-16, 1e-9, 0.01, 0.3, 0.5, 0.77, 0.99, 1 - 2.0**-53]):
        for k in sorted({1, 2, (n + 1) // 2, n - 1, n}):
            if 1 <= k <= n:
                row("binomial", n, repr(p), "", k, binomial(n, p, k))
    for n, p in [(1000, 0.02), (100_000, 1e-4), (100_000, 0.5), (10_000_000, 0.3), (10_000_000, 1e-7), (10_000_000, 0.999)]:
        sd = math.sqrt(n * p * (1 - p))
        for z in [-20, -6, -2, -0.5, 0, 0.5, 1, 2, 6, 20, 100, 500]:
            k = round(n * p + z * sd)
            if 1 <= k <= n:
                row("binomial", n, repr(p), "", k, binomial(n, p, k))
        for k in sorted({n, n - 1, n // 2, 1}):
            if n > 1e6 and k == n // 2 and p > 0.4:
                continue
            row("binomial", n, repr(p), "", k, binomial(n, p, k))
    # Hypergeometric.
    for big, good, draws in [(10, 4, 3), (50, 25, 10), (100, 99, 50), (1000, 20, 30), (20_000, 500, 700), (10**6, 3000, 5000),
                             (10**7, 3 * 10**6, 10**5), (10**9, 10**5, 10**5), (10**9, 4, 10**8), (10**7, 5 * 10**6, 5 * 10**6)]:
        lo, hi = max(0, draws + good - big), min(draws, good)
        mean = draws * good / big
        sd = math.sqrt(max(mean * (1 - good / big) * (1 - draws / big), 1e-9))
        ks = {lo + 1, hi, hi - 1} | {round(mean + z * sd) for z in [-9, -3, -1, 0, 1, 3, 9, 50, 300]}
        for k in sorted(k for k in ks if lo < k <= hi):
            row("hypergeometric", big, good, draws, k, hypergeometric(big, good, draws, k))
    # Poisson-binomial.
    lists = {
        "three": [0.1, 0.2, 0.3],
        "five": [0.05] * 5,
        "rising": [i / 400 for i in range(1, 120)],
        "mixed": [1e-6] * 40 + [0.001] * 30 + [0.02] * 20 + [0.4] * 5,
        "rare": [10.0 ** -(3 + i % 9) for i in range(90)],
        "likely": [0.9, 0.95, 0.99] * 20 + [0.5],
    }
    for ps in lists.values():
        n = len(ps)
        for k in sorted({1, 2, 3, n // 4, n // 2, 3 * n // 4, n - 1, n}):
            if 1 <= k <= n:
                row("poisson_binomial", " ".join(map(repr, ps)), "", "", k, poisson_binomial(ps, k))


main()
