#!/usr/bin/env python3
"""The join alone, held against DuckDB and Polars: same Parquet files, one run, ratios at the end.

    pip install -r bench/requirements.txt
    cargo build --release -p concerted-bench --no-default-features --bin join
    python bench/join/run.py target/release/join [--shares 100000 1000000 10000000] [--runs 3]

The question put to each engine: which pairs of accounts shared at least two objects within 60 seconds of
each other, and how often? Every engine runs in a process of its own, with two threads, reads the file
itself, and must give the same two numbers (pairs, and meetings of those pairs) or is marked wrong. Time is
of the processor, user and system, of the whole process less that of an empty one that only imports the
engine; memory is the peak of the process (ru_maxrss). The least of the runs counts.

DuckDB is given the join in its best known forms: time cut into buckets as wide as the window, each share
joined to its own bucket and the next, so that an equality drives the join; `exploded` puts both buckets on
one side, `union` joins twice. `naive` is what one writes first, with a limit of time.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

WINDOW = 60_000
THREADS = 2

LEAST = "least(x.account, y.account) a, greatest(x.account, y.account) b"
EARLIER = "(y.time > x.time or (y.time = x.time and y.account > x.account))"
COUNT = "select count(*), sum(n) from (select a, b, count(*) n from m group by a, b having count(*) >= 2)"

DUCKDB = {
    "exploded": f"""
        with s as (select account, object, time, time // {WINDOW} k from '{{file}}'),
        t as (select *, unnest([k, k - 1]) j from s),
        m as (select {LEAST} from s x join t y on x.object = y.object and x.k = y.j
              where y.time - x.time <= {WINDOW} and {EARLIER})
        {COUNT}""",
    "union": f"""
        with s as (select account, object, time, time // {WINDOW} k from '{{file}}'),
        m as (select {LEAST} from s x join s y on x.object = y.object and x.k = y.k where {EARLIER}
              union all
              select {LEAST} from s x join s y on x.object = y.object and x.k = y.k - 1
              where y.time - x.time <= {WINDOW})
        {COUNT}""",
    "naive": f"""
        with s as (select account, object, time from '{{file}}'),
        m as (select {LEAST} from s x join s y on x.object = y.object
              and y.time between x.time and x.time + {WINDOW} where {EARLIER})
        {COUNT}""",
}


def duckdb(file, form):
    import duckdb as engine

    db = engine.connect(config={"threads": THREADS})
    db.execute("set preserve_insertion_order = false")
    return db.execute(DUCKDB[form].replace("{file}", file)).fetchone()


def polars(file, form):
    import polars as pl

    shares = pl.scan_parquet(file).with_columns(k=pl.col("time") // WINDOW)
    both = pl.concat([shares, shares.with_columns(k=pl.col("k") - 1)])
    lag = pl.col("time_y") - pl.col("time")
    earlier = (lag > 0) | ((lag == 0) & (pl.col("account_y") > pl.col("account")))
    pairs = (
        shares.join(both, on=["object", "k"], suffix="_y")
        .filter((lag <= WINDOW) & earlier)
        .select(
            a=pl.min_horizontal("account", "account_y"),
            b=pl.max_horizontal("account", "account_y"),
        )
        .group_by("a", "b")
        .agg(n=pl.len())
        .filter(pl.col("n") >= 2)
        .select(pairs=pl.len(), meetings=pl.col("n").sum())
        .collect(engine="streaming")
    )
    return pairs.row(0)


def worker(engine, form, file):
    """Runs one engine in this process; with the form `empty` it only imports it."""
    if form == "empty":
        __import__(engine)
        answer = (0, 0)
        seconds = 0.0
    else:
        started = time.monotonic()
        answer = {"duckdb": duckdb, "polars": polars}[engine](file, form)
        seconds = time.monotonic() - started
    print(json.dumps({"pairs": answer[0], "meetings": int(answer[1] or 0), "wall": seconds}))


def run(command, limit):
    """Runs a command; gives its answer with processor time and peak memory, or None when it takes too long."""
    environment = dict(os.environ, RAYON_NUM_THREADS=str(THREADS), POLARS_MAX_THREADS=str(THREADS))
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    if process.returncode:
        return {"error": err.strip().splitlines()[-1] if err.strip() else f"ended with {process.returncode}"}
    return json.loads(out.strip().splitlines()[-1])


def measured(command, limit):
    """As `run`, through a child that asks the system what the command used."""
    probe = [sys.executable, __file__, "--probe", str(limit), *command]
    done = subprocess.run(probe, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def probe(limit, command):
    answer = run(command, limit)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    if answer is None:
        answer = {"error": f"not done within {limit:.0f} s"}
    answer |= {"cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024}
    print(json.dumps(answer))


def best(command, runs, limit):
    answers = []
    for _ in range(runs):
        answer = measured(command, limit)
        if "error" in answer:
            return answer
        answers.append(answer)
    least = dict(answers[0])
    for name in ("wall", "cpu", "mb"):
        least[name] = min(answer[name] for answer in answers)
    return least


def main():
    if sys.argv[1] == "--worker":
        return worker(*sys.argv[2:5])
    if sys.argv[1] == "--probe":
        return probe(float(sys.argv[2]), sys.argv[3:])
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("join", help="the program `join` of this folder")
    args.add_argument("--shares", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    args.add_argument("--runs", type=int, default=3)
    args.add_argument("--limit", type=float, default=300, help="seconds after which an engine is given up")
    args.add_argument("--naive", action="store_true", help="run the naive form as well")
    args = args.parse_args()

    empty = {}
    for engine in ("duckdb", "polars"):
        command = [sys.executable, __file__, "--worker", engine, "empty", "-"]
        empty[engine] = best(command, args.runs, args.limit)["cpu"]
    own = {}
    with tempfile.TemporaryDirectory() as folder:
        for shape in ("uniform", "bursty"):
            for shares in args.shares:
                file = os.path.join(folder, f"{shape}.parquet")
                subprocess.run(
                    [args.join, "write", "--shares", str(shares), "--shape", shape, "--out", file],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
                ours = best([args.join, "run", file], args.runs, args.limit)
                own[shape, shares] = ours
                rows = [("concerted", ours)]
                forms = [("duckdb", "exploded"), ("duckdb", "union"), ("polars", "exploded")]
                if args.naive:
                    forms.append(("duckdb", "naive"))
                for engine, form in forms:
                    command = [sys.executable, __file__, "--worker", engine, form, file]
                    answer = best(command, args.runs, args.limit)
                    if "error" not in answer:
                        answer["cpu"] -= empty[engine]
                    rows.append((f"{engine} {form}", answer))
                print(f"\n{shape}, {shares} shares asked for, {ours['rows']} after repetitions are left out")
                print(f"{'engine':<18}{'CPU s':>8}{'wall s':>8}{'MB':>7}   ratio to ours: CPU, wall, MB")
                for name, answer in rows:
                    if "error" in answer:
                        print(f"{name:<18}{answer['error']}")
                        continue
                    wrong = (answer["pairs"], answer["meetings"]) != (ours["pairs"], ours["meetings"])
                    ratios = "  ".join(f"{answer[key] / ours[key]:6.1f}" for key in ("cpu", "wall", "mb"))
                    print(
                        f"{name:<18}{answer['cpu']:>8.2f}{answer['wall']:>8.2f}{answer['mb']:>7.0f}   {ratios}"
                        + (f"   WRONG: {answer['pairs']}, {answer['meetings']}" if wrong else "")
                    )
                print(f"{ours['pairs']} pairs with {ours['meetings']} meetings; {ours['formed']} formed", flush=True)
    print("\ngrowth of ours from one size to the next: CPU, MB")
    for shape in ("uniform", "bursty"):
        for small, large in zip(args.shares, args.shares[1:]):
            a, b = own[shape, small], own[shape, large]
            print(f"{shape:<9}{small} to {large}: {b['cpu'] / max(a['cpu'], 0.01):.1f}, {b['mb'] / a['mb']:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
