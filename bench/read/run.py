"""Reading: how fast does an export become posts, beside DuckDB and Polars on the same file?

What is measured: seconds on the clock and of the processor from a file on disk to its rows in memory,
each engine in a process of its own, several times in turn, the median. DuckDB makes a table in memory
with read_csv_auto, read_json_auto or read_parquet, Polars a frame with scan_*().collect(). `concerted`
does more with each row: it recognises the format, reads the time, hashes the raw record (SHA-256), takes
links and hashtags apart and lists what is wrong. DuckDB and Polars read CSV packed with zstd as they do
plain text; where one of them cannot read a file, its place stays empty.

Data: made here, always the same for the same number of posts: ids, accounts of whom some are busy, times
with milliseconds, texts of 5 to 40 words of which one in ten has a comma, a quotation mark or a line break
in it, links, hashtags, reposts.

How to run (about five minutes for a million posts):

    cargo build --release -p concerted -p concerted-bench
    python bench/read/run.py --posts 1000000 > bench/read/results-DATE.json

Needs duckdb, polars and pyarrow from PyPI. What it prints goes beside this file with its date; figures of
two machines, or of two runs under different load, do not compare: look at the ratios in one run.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PEERS = {
    "duckdb": """
import duckdb, sys
con = duckdb.connect()
kind = {"csv": "read_csv_auto", "ndjson": "read_json_auto", "parquet": "read_parquet"}[sys.argv[2]]
con.execute(f"create table posts as select * from {kind}('{sys.argv[1]}')")
print(con.execute("select count(*) from posts").fetchone()[0])
""",
    "polars": """
import polars, sys
scan = {"csv": polars.scan_csv, "ndjson": polars.scan_ndjson, "parquet": polars.scan_parquet}[sys.argv[2]]
options = {"try_parse_dates": True} if sys.argv[2] == "csv" else {}
print(scan(sys.argv[1], **options).collect().height)
""",
}

# What importing the peer alone costs is taken off, as a notebook pays it once.
IMPORTS = {"duckdb": "import duckdb; duckdb.connect()", "polars": "import polars"}


def make(posts, folder):
    """Writes the posts in every form, and returns (form, kind, path)."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    chance = random.Random(1)
    words = ["".join(chance.choices("aeioubdfgklmnprst", k=chance.randint(2, 11))) for _ in range(5000)]
    odd = [', "quoted"', ", and", "\nsecond line"]
    rows = []
    for number in range(posts):
        text = " ".join(chance.choices(words, k=chance.randint(5, 40)))
        if chance.random() < 0.1:
            text += chance.choice(odd)
        seconds = 1_772_323_200 + number * 4
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
        account = int(chance.paretovariate(1.1)) % (posts // 3 + 1)
        link = f"https://site{chance.randint(0, 400)}.example/{chance.choice(words)}?utm_source=x"
        rows.append(
            {
                "post_id": str(10**17 + number * 7919),
                "account_id": str(10**9 + account),
                "account_name": f"name_{account}",
                "created_at": f"{stamp}.{chance.randint(0, 999):03}Z",
                "text": text,
                "lang": chance.choice(["en", "de", "fr"]),
                "repost_of": str(10**17 + chance.randint(0, number) * 7919) if chance.random() < 0.3 else "",
                "urls": link if chance.random() < 0.4 else "",
                "hashtags": " ".join(chance.choices(words[:300], k=chance.randint(0, 3))),
            }
        )
    plain = {kind: os.path.join(folder, f"posts.{kind}") for kind in ("csv", "ndjson", "parquet")}
    table = pa.Table.from_pylist(rows)
    pyarrow.csv.write_csv(table, plain["csv"])
    with open(plain["ndjson"], "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    pyarrow.parquet.write_table(table, plain["parquet"], compression="zstd")
    forms = [(kind, kind, plain[kind]) for kind in plain]
    for kind in ("csv", "ndjson"):
        packed = plain[kind] + ".zst"
        with open(plain[kind], "rb") as text, pa.CompressedOutputStream(packed, "zstd") as out:
            while block := text.read(1 << 20):
                out.write(block)
        forms.append((kind + ".zst", kind, packed))
    return forms, {kind: os.path.getsize(plain[kind]) for kind in plain}


def run(command):
    """Seconds on the clock and of the processor, and what it printed; None if it failed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (wall, cpu, done.stdout.strip()) if done.returncode == 0 else None


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--posts", type=int, default=1_000_000)
    args.add_argument("--times", type=int, default=3)
    args.add_argument("--program", default="target/release/read-speed")
    args = args.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        forms, sizes = make(args.posts, folder)
        results = []
        for form, kind, path in forms:
            runs = {name: [] for name in ("concerted", *PEERS)}
            for _ in range(args.times):
                for name in runs:
                    if name == "concerted":
                        done = run([args.program, path])
                    else:
                        done = run([sys.executable, "-c", PEERS[name], path, kind])
                        alone = run([sys.executable, "-c", IMPORTS[name]])
                        done = done and (done[0] - alone[0], done[1] - alone[1], done[2])
                    if done:
                        rows = json.loads(done[2])["posts"] if name == "concerted" else int(done[2])
                        assert rows == args.posts, f"{name} read {rows} rows of {form}"
                        runs[name].append(done[:2])
            line = {"form": form, "mb": round(os.path.getsize(path) / 1e6, 1)}
            for name, done in runs.items():
                if done:
                    wall, cpu = (statistics.median(run[i] for run in done) for i in (0, 1))
                    line[name] = {
                        "wall_s": round(wall, 2),
                        "cpu_s": round(cpu, 2),
                        # Of the text that comes out, so that packed and plain compare.
                        "mb_per_cpu_s": round(sizes[kind] / 1e6 / cpu),
                    }
            for name in PEERS:
                if name in line:
                    line[f"cpu_of_{name}"] = round(line["concerted"]["cpu_s"] / line[name]["cpu_s"], 2)
                    line[f"wall_of_{name}"] = round(line["concerted"]["wall_s"] / line[name]["wall_s"], 2)
            results.append(line)
    import duckdb
    import polars

    about = {
        "date": time.strftime("%Y-%m-%d"),
        "posts": args.posts,
        "times": args.times,
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "duckdb": duckdb.__version__,
        "polars": polars.__version__,
        "load_before": round(os.getloadavg()[0], 1),
    }
    print(json.dumps({"about": about, "results": results}, indent=1))


if __name__ == "__main__":
    main()
