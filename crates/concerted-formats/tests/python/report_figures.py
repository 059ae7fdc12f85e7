"""Does every number in the table under every figure of a report follow from the case's own tables?

Each table is computed anew here, with DuckDB and the formulas of the papers, and compared cell by cell;
a difference names the figure, the row and the column.

Usage: report_figures.py CASE
"""

import html.parser
import math
import pathlib
import sys

import duckdb
import numpy

case = pathlib.Path(sys.argv[1])
database = duckdb.connect()
database.execute("set timezone = 'UTC'")


def sql(query):
    return database.execute(query.replace("$", str(case) + "/")).fetchall()


class Page(html.parser.HTMLParser):
    """The rows of the table under each figure, by the figure's id."""

    def __init__(self):
        super().__init__()
        self.figures, self.figure, self.cell = {}, None, None
        self.five, self.strong = [], False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "strong":
            self.strong = True
        if tag == "figure":
            self.figure = self.figures.setdefault(attrs["id"], [])
        elif tag == "tr" and self.figure is not None:
            self.figure.append([])
        elif tag in ("td", "th") and self.figure is not None:
            self.cell = ""

    def handle_endtag(self, tag):
        if tag == "strong":
            self.strong = False
        if tag == "figure":
            self.figure = None
        elif tag in ("td", "th") and self.cell is not None:
            self.figure[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.strong:
            self.five.append(data)
        if self.cell is not None:
            self.cell += data


page = Page()
page.feed((case / "report.html").read_text("utf-8"))
figures = dict(page.figures)
checked = 0


class Near:
    """A number as the page rounds it: the same but for one unit in the last digit shown."""

    def __init__(self, *values):
        self.values = values

    def fits(self, cell):
        parts = cell.split("–")
        return len(parts) == len(self.values) and all(
            abs(float(part) - value) <= 1.01 * 10.0 ** -(len(part.split(".")[1]) if "." in part else 0)
            for part, value in zip(parts, self.values)
        )

    def __repr__(self):
        return "–".join(map(str, self.values))


def table(figure, expected):
    """Compares a whole table, so that no cell goes unchecked."""
    global checked
    head, *rows = figures.pop(figure)
    assert len(rows) == len(expected), f"figure {figure}: the page has {len(rows)} rows, the case {len(expected)}"
    for row, wanted in zip(rows, expected):
        assert len(row) == len(wanted) == len(head), f"figure {figure}: row {row} against {wanted}"
        for name, cell, value in zip(head, row, wanted):
            fits = value.fits(cell) if isinstance(value, Near) else cell == value
            assert fits, f"figure {figure}, row {row[0]!r}, column {name!r}: the page says {cell!r}, the case {value!r}"
            checked += 1


def ratio(x):
    return Near(x)


def q_value(q):
    if q < 0.001:
        return "< 0.001"
    return f"{q:.3f}" if q < 0.1 else f"{q:.2f}"


def seconds(ms):
    return str(ms // 1000) if ms % 1000 == 0 else f"{ms / 1000:.1f}"


LOG_FACTORIALS = numpy.concatenate([[0.0], numpy.cumsum(numpy.log(numpy.arange(1.0, 400_000.0)))])


def poisson_below(count, mean):
    """P[X < count] for a Poisson count."""
    k = numpy.arange(count)
    return float(numpy.exp(k * math.log(mean) - mean - LOG_FACTORIALS[:count]).sum())


def middle(below, top):
    """The smallest counts that at least 2.5 and 97.5 % do not exceed; `below(c)` is P[X < c]."""
    bounds = []
    for share in (0.025, 0.975):
        low, high = 0, top
        while low < high:
            half = (low + high) // 2
            if below(half + 1) >= share:
                high = half
            else:
                low = half + 1
        bounds.append(low)
    return "{}–{}".format(*bounds)


def poisson_middle(mean):
    return middle(lambda count: poisson_below(count, mean), int(mean + 20 * math.sqrt(mean) + 30))


def binomial_middle(n, bars):
    if bars <= 1:
        return f"{n}–{n}"
    p = 1 / bars
    k = numpy.arange(n + 1)
    logs = LOG_FACTORIALS[n] - LOG_FACTORIALS[k] - LOG_FACTORIALS[n - k] + k * math.log(p) + (n - k) * math.log1p(-p)
    sums = numpy.concatenate([[0.0], numpy.cumsum(numpy.exp(logs))])
    return middle(lambda count: sums[min(count, n + 1)], n)


def garwood(count, expected):
    """The exact interval of a Poisson count (Garwood 1936), divided by the expectation."""

    def mean_at(seen, share):
        low, high = 0.0, 20.0 + 4.0 * seen
        for _ in range(60):
            half = (low + high) / 2
            if 1 - poisson_below(seen, max(half, 1e-300)) < share:
                low = half
            else:
                high = half
        return (low + high) / 2

    return Near(0.0 if count == 0 else mean_at(count, 0.025) / expected, mean_at(count + 1, 0.975) / expected)


HOUR = 3_600_000


def stretch(starts):
    """The stretch of the shortest length that holds five joint acts, with the most of them, the earliest."""
    enough = min(5, len(starts))
    for hours in (6, 24, 7 * 24, 28 * 24):
        best = max(
            (sum(low <= other < low + hours * HOUR for other in starts), -low)
            for low in {start // HOUR * HOUR for start in starts}
        )
        if best[0] >= enough:
            return -best[1], -best[1] + hours * HOUR
    low = min(starts) // HOUR * HOUR
    return low, low + max(starts) - min(starts) + 2 * HOUR


groups = sql("select group_id, repeats, expected_repeats, scale_s, score, found_by from '$groups.csv'")
assert groups, "the corpus has groups"
resolution = next(
    int(line.split("=")[1]) for line in (case / "case.toml").read_text().splitlines() if line.startswith("clock_resolution_ms")
)

# What would chance give? The first 20 groups, the pair that came closest, the other groups.
chance = [
    [
        "Group " + group[1:],
        str(repeats),
        ratio(expected),
        poisson_middle(expected),
        ratio(repeats / expected),
        f"score {score:.1f}".replace("-", "−"),
    ]
    for group, repeats, expected, _, score, _ in groups
]
for joint, expected, q in sql(
    "select joint_actions, expected, q_value from '$pairs.parquet' where pair_id is null order by ln_p, account_a, account_b limit 1"
):
    pair = ["Closest pair", str(joint), ratio(expected), poisson_middle(expected), ratio(joint / expected), "q " + q_value(q)]
    chance.insert(20, pair)
table("chance", chance)

for group, repeats, expected, scale, score, found_by in groups[:20]:
    # Delays: all posts of an act but the first, in bars of a whole number of steps of the clock.
    lags = [round(row[0] * 1000) for row in sql(
        f"""select lag_s from (select lag_s, run, row_number() over (partition by run order by lag_s) place
        from '$evidence.parquet' where group_id = '{group}') where place > 1"""
    )]
    window = scale * 1000
    width = max(window // 20 // resolution, 1) * resolution
    bars = max(window // width, 1)
    counts = [0] * bars
    for lag in lags:
        if lag <= window:
            counts[min(lag // width, bars - 1)] += 1
    band = binomial_middle(sum(counts), bars)
    rows = [
        [f"{seconds(place * width)}–{seconds((place + 1) * width)}", str(count), band]
        for place, count in enumerate(counts)
    ]
    later = len(lags) - sum(counts)
    if later:
        rows.append([f"over {seconds(window)}", str(later), "–"])
    table(f"{group}-delays", rows)

    # Windows: as the case has them; and at the group's own window as in groups.csv.
    windows = sql(
        f"select window_s, repeats, expected_repeats from '$windows.csv' where group_id = '{group}' order by 1"
    )
    table(f"{group}-window", [
        [str(window), str(count), ratio(mean)] + ([ratio(count / mean), garwood(count, mean)] if mean > 0 else ["–", "–"])
        for window, count, mean in windows
    ])
    # A group among rare originals is counted over those alone in groups.csv.
    if found_by == "bursts":
        own = [row[1:] for row in windows if row[0] == scale]
        assert own == [(repeats, expected)], f"figure {group}-window: at its own window {own}, in groups.csv {(repeats, expected)}"

    # Lines: pairs of two of the first 60 members that are more than chance, the strongest row of each.
    lines = sql(
        f"""with m as (select account_id, row_number() over () place from '$members.csv' where group_id = '{group}'),
        shown as (select account_id from m where place <= 60),
        p as (select *, row_number() over () nr from '$pairs.parquet'
            where pair_id is not null and account_a in (from shown) and account_b in (from shown))
        select account_a, account_b, first(a.pseudonym), first(b.pseudonym),
            arg_min((joint_actions, expected, q_value), (ln_p, nr))
        from p join '$pseudonyms.csv' a on a.account_id = p.account_a join '$pseudonyms.csv' b on b.account_id = p.account_b
        group by 1, 2 order by 1, 2"""
    )
    rows = []
    for _, _, a, b, best in lines:
        joint, mean, q = best.values() if isinstance(best, dict) else best
        rows.append([a, b, str(joint), ratio(mean), q_value(q)])
    table(f"{group}-network", rows)

    # Account by account: the first 16 members, their part in the acts of one stretch, their posts.
    members = [row[0] for row in sql(
        f"select account_id::varchar from '$members.csv' where group_id = '{group}' limit 16"
    )]
    acts = {}
    for run, account, time in sql(
        f"select run, account_id, epoch_ms(time) from '$evidence.parquet' where group_id = '{group}'"
    ):
        if account in members:
            acts.setdefault(run, []).append((account, time))
    low, high = stretch([min(time for _, time in act) for act in acts.values()])
    rounds = [act for act in acts.values() if low <= min(time for _, time in act) < high]
    rows = []
    for account in members:
        name, all_posts, inside = sql(
            f"""select any_value(pseudonym), count(*), count(*) filter (epoch_ms(time) >= {low} and epoch_ms(time) < {high})
            from '$posts.parquet' p join '$pseudonyms.csv' n on n.account_id = p.account_id where p.account_id = '{account}'"""
        )[0]
        joined = sum(any(other == account for other, _ in act) for act in rounds)
        rows.append([name, f"{joined} of {len(rounds)}", str(inside), str(all_posts)])
    table(f"{group}-accounts", rows)

# Coverage: posts per step, from the first step to the last.
(first, last), = sql("select epoch_ms(min(time)), epoch_ms(max(time)) from '$posts.parquet'")
step = next(
    minutes * 60_000
    for minutes in (1, 10, 60, 180, 360, 1440, 7 * 1440, 30 * 1440, 365 * 1440)
    if (last - first) // (minutes * 60_000) < 120
)
counts = dict(sql(f"select epoch_ms(time) // {step}, count(*) from '$posts.parquet' group by 1"))
table("coverage", [
    [
        sql(f"select strftime(make_timestamp_ms({place * step}), '%Y-%m-%dT%H:%M:%S.%gZ')")[0][0],
        str(counts.get(place, 0)),
    ]
    for place in range(first // step, last // step + 1)
])
assert not figures, f"figures that nobody checks: {sorted(figures)}"

# The numbers of the first screen.
digits = [number.replace("\u202f", "") for number in page.five]
groups_found, accounts, posts = sql(
    """select (select count(*) from '$groups.csv'), (select count(distinct account_id) from '$members.csv'),
    (select count(*) from '$evidence.parquet' where group_id is not null)"""
)[0]
for number in (groups_found, accounts, posts):
    assert str(number) in digits, f"first screen: {number} is not among {digits}"
print(f"all as expected: {checked} numbers")
