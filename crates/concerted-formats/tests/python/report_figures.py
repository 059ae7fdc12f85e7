"""Do the numbers under the figures of a report follow from the case's own tables, counted with DuckDB?

Usage: report_figures.py CASE
"""

import html.parser
import math
import pathlib
import sys

import duckdb

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

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "figure":
            self.figure = self.figures.setdefault(attrs["id"], [])
        elif tag == "tr" and self.figure is not None:
            self.figure.append([])
        elif tag in ("td", "th") and self.figure is not None:
            self.cell = ""

    def handle_endtag(self, tag):
        if tag == "figure":
            self.figure = None
        elif tag in ("td", "th") and self.cell is not None:
            self.figure[-1].append(self.cell)
            self.cell = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell += data


page = Page()
page.feed((case / "report.html").read_text("utf-8"))
figures = {name: rows[1:] for name, rows in page.figures.items()}
checked = 0


def same(found, expected, what):
    global checked
    assert found == expected, f"{what}: the page says {found!r}, the case {expected!r}"
    checked += 1


def ratio(x):
    """Two significant digits, as the page writes them."""
    if x == 0:
        return "0"
    if x >= 100:
        return f"{x:.0f}"
    return f"{x:.{min(max(int(1 - math.floor(math.log10(abs(x)))), 0), 6)}f}"


def poisson_middle(mean):
    """The middle 95 % of a Poisson count, by adding up the probabilities."""
    low, total, k = None, 0.0, 0
    while True:
        total += math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))
        if low is None and total >= 0.025:
            low = k
        if total >= 0.975:
            return low, k
        k += 1


def close(found, expected, what):
    """The same but for one unit in the last digit shown, where rounding may differ."""
    global checked
    digits = len(found.split(".")[1]) if "." in found else 0
    assert abs(float(found) - expected) <= 1.01 * 10.0**-digits, f"{what}: the page says {found}, the case {expected}"
    checked += 1


groups = sql("select group_id, repeats, expected_repeats, scale_s, score, found_by from '$groups.csv'")
assert groups, "the corpus has groups"
chance = {row[0]: row for row in figures["chance"]}
for group, repeats, expected, scale, score, found_by in groups[:20]:
    row = chance["Group " + group[1:]]
    same(row[1], str(repeats), f"{group} repeats")
    close(row[2], expected, f"{group} by chance")
    same(row[3], "{}–{}".format(*poisson_middle(expected)), f"{group} band")
    close(row[4], repeats / expected, f"{group} times chance")
    same(row[5], f"score {score:.1f}".replace("-", "−"), f"{group} score")

    # Delays: all posts of an act but the first, counted into the bars that the page names.
    lags = [row[0] for row in sql(
        f"""select lag_s from (select lag_s, run, row_number() over (partition by run order by lag_s) place
        from '$evidence.parquet' where group_id = '{group}') where place > 1"""
    )]
    rows = figures[f"{group}-delays"]
    bars = [row for row in rows if not row[0].startswith("over")]
    same(bars[0][0].split("–")[0], "0", f"{group} first bar")
    same(float(bars[-1][0].split("–")[1]), float(scale), f"{group} last bar")
    for place, (name, count, _) in enumerate(bars):
        low, high = map(float, name.split("–"))
        last = place == len(bars) - 1
        expected_count = sum(low <= lag < high or (last and lag == high) for lag in lags)
        same(int(count), expected_count, f"{group} delays {name}")
    later = sum(int(row[1]) for row in rows if row[0].startswith("over"))
    same(sum(int(row[1]) for row in bars) + later, len(lags), f"{group} repeats drawn")

    # Windows: as the case has them; and at the group's own window as in groups.csv.
    windows = sql(
        f"select window_s, repeats, expected_repeats from '$windows.csv' where group_id = '{group}' order by 1"
    )
    for row, (window, count, mean) in zip(figures[f"{group}-window"], windows, strict=True):
        same((row[0], row[1]), (str(window), str(count)), f"{group} window")
        close(row[2], mean, f"{group} window {window} by chance")
    # A group among rare originals is counted over those alone in groups.csv.
    if found_by == "bursts":
        same([row[1:] for row in windows if row[0] == scale], [(repeats, expected)], f"{group} own window")

    # Lines: pairs of two members that are more than chance, by pseudonym.
    lines = sql(
        f"""with m as (select account_id, joint_runs, row_number() over () place from '$members.csv' where group_id = '{group}'),
        shown as (select account_id from m where place <= 60),
        p as (select account_a, account_b, joint_actions, ln_p, row_number() over () nr from '$pairs.parquet'
            where pair_id is not null and account_a in (from shown) and account_b in (from shown))
        select a.pseudonym, b.pseudonym, arg_min(joint_actions, (ln_p, nr))
        from p join '$pseudonyms.csv' a on a.account_id = p.account_a join '$pseudonyms.csv' b on b.account_id = p.account_b
        group by all"""
    )
    found = {(row[0], row[1]): int(row[2]) for row in figures[f"{group}-network"]}
    same(found, {(a, b): joint for a, b, joint in lines}, f"{group} lines")

    # Account by account: posts in all, of the members that are drawn.
    posts = dict(sql(
        f"""select pseudonym, count(*) from '$posts.parquet' p join '$pseudonyms.csv' using (account_id)
        where account_id in (select account_id from '$members.csv' where group_id = '{group}') group by 1"""
    ))
    for row in figures[f"{group}-accounts"]:
        same(int(row[3]), posts[row[0]], f"{group} posts of {row[0]}")

# Coverage: posts per step, from the first step to the last.
rows = figures["coverage"]
counts = dict(sql(
    """select epoch_ms(time) // 86400000, count(*) from '$posts.parquet' group by 1"""
))
same(sum(int(row[1]) for row in rows), sum(counts.values()), "posts in all")
for row in rows:
    day = sql(f"select epoch_ms(timestamptz '{row[0]}') // 86400000")[0][0]
    same(int(row[1]), counts.get(day, 0), f"posts on {row[0]}")
print(f"all as expected: {checked} numbers")
