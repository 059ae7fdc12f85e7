"""Do DuckDB and pandas read every table of a case with the promised columns, types and values?

Usage: case_tables.py CASE COLUMNS, where COLUMNS is JSON: file -> names in order.
"""

import json
import os
import pathlib
import sys

import duckdb
import pandas

case, columns = pathlib.Path(sys.argv[1]), json.loads(sys.argv[2])
database = duckdb.connect()
database.execute("set timezone = 'UTC'")


def sql(query):
    return database.execute(query.replace("$", str(case) + "/")).fetchall()


def same(found, expected):
    assert found == expected, f"found {found!r}, expected {expected!r}"


for file, names in columns.items():
    if not (case / file).exists():
        assert file.endswith(")"), file  # written elsewhere, not in a case
        continue
    same([row[0] for row in sql(f"describe from '${file}'")], names)
    read = pandas.read_csv if file.endswith(".csv") else pandas.read_parquet
    frame = read(case / file)
    same(list(frame.columns), names)
    same(len(frame), sql(f"select count(*) from '${file}'")[0][0])

types = dict(row[:2] for row in sql("describe from '$posts.parquet'"))
same(types["time"], "TIMESTAMP WITH TIME ZONE")
same(types["source_row"], "UBIGINT")
same(types["is_repost"], "BOOLEAN")
same(types["links"], "VARCHAR[]")
same(types["raw_sha256"], "VARCHAR")
same(sql("select count(*), count(lang), count(is_repost), count(repost_of) from '$posts.parquet'"), [(9, 6, 6, 3)])
same(
    sql("select epoch_ms(time), text, hashtags, raw_sha256 from '$posts.parquet' where source_row = 4"),
    [(1632679203000, 'Zeile eins\nZeile "zwei"; 选举', ["btw21", "a;b"], "02" * 32)],
)
same(sql("select min(ln_p), max(p_value), max(q_value) from '$pairs.parquet'"), [(-921.034, 0.0, 5e-324)])
same(sql("select bool_and(account_a < account_b) from '$pairs.parquet'"), [(True,)])
same(
    sql("select score, expected, epoch_ms(last), detectors, looks_like from '$groups.csv'"),
    [(5.65, 1.25e-6, 1632679323000, "co_link;co_text", None)],
)
same(sql("select label, value, threshold from '$labels.csv'"), [("single-outlet-pages", 1.0, 0.8)])
same(sql("select row, kind, refused from '$problems.csv' order by 1"), [(11, "bad-time", True), (None, "bad-time", True)])
same(
    sql(
        """select count(*), count(distinct p.account_id), max(e.lag_s), bool_and(p.raw_sha256 = e.raw_sha256)
        from '$groups.csv' g join '$evidence.parquet' e using (group_id)
        join '$posts.parquet' p using (source_file, source_row)"""
    ),
    [(9, 3, 3.0, True)],
)
# What the documentation shows must run as it stands there.
page = (pathlib.Path(__file__).parents[4] / "docs/formats/case.md").read_text("utf-8")
os.chdir(case)
query = page.split("```sql\n")[1].split("```")[0].rstrip().removesuffix(";")
same(database.execute(f"select count(*) from ({query})").fetchall(), [(9,)])
shown = {}
exec(page.split("```python\n")[2].split("```")[0], shown)
same((len(shown["groups"]), len(shown["evidence"])), (1, 9))

posts = pandas.read_parquet(case / "posts.parquet")
same(str(posts.time.dtype), "datetime64[ms, UTC]")
same(str(posts.source_row.dtype), "uint64")
same(list(posts.links[0]), ["example.org/0"])
same(posts.account_id[1], "=cmd|' /C calc'!A0")
members = pandas.read_csv(case / "members.csv", dtype={"account_id": str})
same(list(members.account_id), ["-1001234", "'=cmd|' /C calc'!A0", "änne"])
same(list(members.p_own_tail), [2.696e-9] * 3)
groups = pandas.read_csv(case / "groups.csv", parse_dates=["first", "last"])
same(str(groups["first"][0]), "2021-09-26 18:00:00+00:00")
print("all as expected")
