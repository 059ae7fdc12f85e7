#!/usr/bin/env python3
"""A whole scan, held against what a user would use instead: same file, one run, ratios at the end.

    pip install -r bench/requirements.txt
    cargo build --release -p concerted && cargo build --release -p concerted-bench --bin simulate
    target/release/simulate --posts 1000000 --out posts.csv
    python bench/scan/run.py target/release/concerted posts.csv

Three things are measured, each in a process of its own, with the time of the processor (user and system,
children included), the time on the wall, and the peak memory of the largest process:

* `concerted scan`: the file in, all detectors, statistics, evidence, the case out; with `--controls 0` (the
  figure that the ratios use) and with the default controls.
* the coordination network toolkit of QUT: loading the file, then its six networks at the same window and
  its default least weight of 2. It gives counts, and no statistics.
* DuckDB: the bare windowed join in its best known form (buckets of time, see `bench/join/run.py`), run once
  for each kind of object that the file has: reposted posts, answered posts, links, equal texts.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time

NETWORKS = ("co_retweet", "co_link", "co_reply", "co_tweet", "co_similar_tweet", "co_post")

# The columns by order, as the toolkit takes them; the time is in seconds.
READ = """read_csv('{file}', header = true, auto_detect = false, quote = '"', escape = '"', columns = {{
    'message_id': 'varchar', 'user_id': 'varchar', 'username': 'varchar', 'repost_id': 'varchar',
    'reply_id': 'varchar', 'message': 'varchar', 'time': 'bigint', 'urls': 'varchar'}})"""

# As the toolkit does, links, texts and answers are those of posts that are no reposts.
KINDS = {
    "reposts": "repost_id object from posts where repost_id <> ''",
    "answers": "reply_id object from posts where reply_id <> '' and coalesce(repost_id, '') = ''",
    "links": "unnest(string_split(urls, ' ')) object from posts where urls <> '' and coalesce(repost_id, '') = ''",
    "texts": "hash(lower(message)) object from posts where message <> '' and coalesce(repost_id, '') = ''",
}

JOIN = """
    with s as (select user_id account, time, time // {window} k, {kind}),
    t as (select *, unnest([k, k - 1]) j from s),
    m as (select least(x.account, y.account) a, greatest(x.account, y.account) b
          from s x join t y on x.object = y.object and x.k = y.j
          where y.time - x.time <= {window}
            and (y.time > x.time or (y.time = x.time and y.account > x.account)) and x.account <> y.account)
    select count(*), sum(n) from (select a, b, count(*) n from m group by a, b having count(*) >= 2)"""


def duckdb(file, window):
    import duckdb as engine

    db = engine.connect(config={"threads": 2})
    db.execute("set preserve_insertion_order = false")
    db.execute("create table posts as select * from " + READ.format(file=file))
    for name, kind in KINDS.items():
        started = time.monotonic()
        pairs, _ = db.execute(JOIN.format(window=window, kind=kind)).fetchone()
        print(f"    {name}: {pairs} pairs, {time.monotonic() - started:.1f} s", file=sys.stderr)


def toolkit(program, database, file, window, network):
    if network == "load":
        return [program, database, "preprocess", file]
    command = [program, database, "compute", network, "--time_window", str(window), "--n_cpus", "2"]
    return command


def measured(command, limit):
    """Processor seconds, wall seconds and peak MB of a command, or None where it took too long."""
    probe = [sys.executable, __file__, "--probe", str(limit), *command]
    done = subprocess.run(probe, stdout=subprocess.PIPE, text=True, check=True)
    answer = done.stdout.strip().splitlines()[-1].split()
    return None if answer[0] == "none" else tuple(map(float, answer))


def probe(limit, command):
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        code = process.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        print("none")
        return
    if code:
        print(f"{command[0]} ended with {code}", file=sys.stderr)
        print("none")
        return
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(used.ru_utime + used.ru_stime, time.monotonic() - started, used.ru_maxrss / 1024)


def show(name, answer):
    if answer is None:
        print(f"{name:<32} not done", flush=True)
    else:
        print(f"{name:<32}{answer[0]:>9.1f} CPU s{answer[1]:>9.1f} s{answer[2]:>8.0f} MB", flush=True)


def main():
    if sys.argv[1] == "--probe":
        return probe(float(sys.argv[2]), sys.argv[3:])
    if sys.argv[1] == "--duckdb":
        return duckdb(sys.argv[2], int(sys.argv[3]))
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("concerted", help="the program")
    args.add_argument("file", help="posts as the toolkit reads them")
    args.add_argument("--window", type=int, default=60, help="seconds")
    args.add_argument("--toolkit", default="compute_networks", help="the toolkit's program")
    args.add_argument("--networks", nargs="*", default=list(NETWORKS), choices=NETWORKS)
    args.add_argument("--no-controls", action="store_true", help="leave the scan with default controls out")
    args.add_argument("--limit", type=float, default=3_600, help="seconds after which something is given up")
    args = args.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        case = os.path.join(folder, "bench.case")
        scan = [args.concerted, "scan", args.file, "--case", case, "--quiet"]
        ours = measured([*scan, "--controls", "0"], args.limit)
        show("concerted scan, no controls", ours)
        if not args.no_controls:
            controls = measured(scan, args.limit)
            show("concerted scan, default controls", controls)
        database = os.path.join(folder, "toolkit.db")
        parts = {}
        for network in ["load", *args.networks]:
            parts[network] = measured(
                toolkit(args.toolkit, database, args.file, args.window, network), args.limit
            )
            show(f"toolkit {network}", parts[network])
        join = measured([sys.executable, __file__, "--duckdb", args.file, str(args.window)], args.limit)
        show("DuckDB, read and four joins", join)

    if ours and all(parts.values()):
        total = sum(part[0] for part in parts.values())
        print(f"\ntoolkit, all parts: {total:.1f} CPU s, {total / ours[0]:.1f} times a scan")
    elif ours:
        known = sum(part[0] for part in parts.values() if part)
        print(f"\ntoolkit, the parts that ended: {known:.1f} CPU s, {known / ours[0]:.1f} times a scan")
    if ours and join:
        print(f"DuckDB, wall: {join[1] / ours[1]:.2f} times a scan")
    if ours and not args.no_controls and controls:
        print(f"default controls: {controls[0] / ours[0]:.2f} times the CPU of a scan without")
    return 0


if __name__ == "__main__":
    sys.exit(main())
