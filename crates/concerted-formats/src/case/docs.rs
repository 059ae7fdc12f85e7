//! The page on the case folder and the answers of `concerted explain COLUMN`, both from the tables.

use super::FILES;
use super::calibration::{Calibration, Caution, Control};
use super::plan::{DetectorPlan, InputPlan, Plan};
use super::row::Column;
use super::tables::TABLES;
use std::fmt::Write as _;

/// Every column of a table and every key of `case.toml` and `calibration.json`.
pub fn columns() -> impl Iterator<Item = &'static Column> {
    TABLES
        .iter()
        .flat_map(|table| table.columns)
        .chain(Plan::KEYS)
        .chain(DetectorPlan::KEYS)
        .chain(InputPlan::KEYS)
        .chain(Calibration::KEYS)
        .chain(Control::KEYS)
        .chain(Caution::KEYS)
}

/// The columns and keys with this name, for `concerted explain`.
pub fn explain(name: &str) -> Vec<&'static Column> {
    columns().filter(|column| column.name == name).collect()
}

/// The page `docs/formats/case.md`.
pub fn case_md() -> String {
    let mut page = String::from(HEAD);
    page.push_str("\n## Files\n\n| file | what it is | always there |\n| --- | --- | --- |\n");
    for (file, needed, what) in FILES {
        let always = if *needed { "yes" } else { "" };
        line(&mut page, format_args!("| `{file}` | {what} | {always} |"));
    }
    page.push_str(RULES);
    for table in TABLES {
        line(&mut page, format_args!("\n## {}\n", table.file));
        line(
            &mut page,
            format_args!("A row is {}. {}\n", table.row, table.description()),
        );
        describe(&mut page, table.columns);
    }
    page.push_str("\n## case.toml\n\n");
    page.push_str("`inputs.name` is the key `name` of each `[[inputs]]`.\n\n");
    for keys in [Plan::KEYS, DetectorPlan::KEYS, InputPlan::KEYS] {
        describe(&mut page, keys);
        page.push('\n');
    }
    page.push_str("## calibration.json\n\n");
    for (at, keys) in [Calibration::KEYS, Control::KEYS, Caution::KEYS]
        .into_iter()
        .enumerate()
    {
        if at > 0 {
            page.push('\n');
        }
        describe(&mut page, keys);
    }
    page.push_str(TAIL);
    page
}

fn describe(page: &mut String, columns: &[Column]) {
    page.push_str("| name | holds | unit | meaning |\n| --- | --- | --- | --- |\n");
    for column in columns {
        let Column {
            name,
            type_word,
            unit,
            ..
        } = column;
        let meaning = column.description().replace('|', "\\|");
        line(
            page,
            format_args!("| `{name}` | {type_word} | {unit} | {meaning} |"),
        );
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    page.write_fmt(text)
        .expect("writing to memory does not fail");
    page.push('\n');
}

const HEAD: &str = "\
# The case folder

<!-- Made from crates/concerted-formats/src/case; after a change there run
     UPDATE=1 cargo test -p concerted-formats --test case -->

A scan leaves a plain folder that DuckDB, pandas, R, Gephi, a spreadsheet and a text editor can read,
and that `concerted verify` can check with nothing else. The names on this page are a promise: within
case version 1, files and columns may be added, and none is renamed, removed or given another
meaning. Find columns by name, not by place.

What a case says: these accounts met on the same objects, close in time, more often than accounts
would that choose independently. It rejects independence, not innocence, and it never says who is
behind it.
";

const RULES: &str = "
## Rules for every file

* **CSV** follows RFC 4180: UTF-8 without a byte order mark, comma, double quotes, lines ending in
  CR LF, a header. Lists are joined with `;`.
* **No formulas.** A text that starts with `=`, `+`, `-`, `@`, a tab or a carriage return would run
  in a spreadsheet, so a `'` stands in front of it. Plain numbers, also ids such as `-1001234`, stay
  as they are. To get the text back, take one `'` away where a cell starts with one or more `'`
  followed by such a sign.
* **Times** are UTC. In CSV and graph files they read `2021-09-26T18:00:00.000Z`; in Parquet they are
  timestamps in milliseconds with the zone UTC.
* **Nothing known** is an empty cell in CSV, null in Parquet, an absent attribute in graph files.
* **Numbers** are written so that they read back as the same 64 bits.
* **Graph files.** XML cannot hold control characters; they stand there as U+FFFD, as NUL does in
  CSV, and the scan says how many. Parquet holds every text as it was. `network.gexf` is static,
  because Gephi opens that without trouble; `network-dynamic.gexf` carries the times, and in it
  nothing lasts less than a second.
* **The same content gives the same bytes.** The one time stamp is `made_at` in `case.toml`.
* **Accounts.** The tables carry account ids. The report shows pseudonyms, which are
  HMAC-SHA-256 of the account id under the secret in `pseudonym.key`. Whoever has that key, or these
  tables, can tell who is meant: give away the report, not the folder, where names must not be known.
* **Replacing.** A scan replaces a folder only if it is an earlier case and holds no other file. A
  case is written beside its place and moved there when it is complete.
";

const TAIL: &str = "
## datapackage.json

A [Data Package 2.0](https://datapackage.org) that lists every file with `path`, `bytes`, `hash`
(`sha256:` and 64 digits) and, for tables, the columns as above. `pseudonym.key` is not listed. The
key `digest` is the SHA-256 of the lines that `sha256sum` prints for the listed files in the order of
their names, with `case.toml` taken without its line `made_at = ...`, so that two scans of the same
inputs with the same plan have the same digest. For the same reason `case.toml` is listed with
`hash_without_made_at` in place of `bytes` and `hash`. Without this program:

```python
import hashlib, json, pathlib

def line(name):
    content = pathlib.Path(name).read_bytes()
    if name == \"case.toml\":
        lines = content.splitlines(keepends=True)
        lines.remove(next(line for line in lines if line.startswith(b\"made_at = \")))
        content = b\"\".join(lines)
    return f\"{hashlib.sha256(content).hexdigest()}  {name}\\n\"

manifest = json.load(open(\"datapackage.json\"))
names = sorted(file[\"path\"] for file in manifest[\"resources\"])
digest = hashlib.sha256(\"\".join(map(line, names)).encode()).hexdigest()
assert manifest[\"digest\"] == \"sha256:\" + digest
```

Later commands may add `alerts.jsonl`, `camps-judged.csv` and its sisters (what `concerted divisions` made with a
person's seeds and issues), `ledger.jsonl`, `custody.jsonl` (who revealed accounts, when and why),
`report-groups.html`, `report-judged.html` and `report-revealed.html`, which are not listed.

## Reading it

```sql
-- DuckDB: the posts behind the strongest group
select p.time, p.account_id, p.text
from 'groups.csv' g join 'evidence.parquet' e using (group_id)
join 'posts.parquet' p using (source_file, source_row)
where g.group_id = (select group_id from 'groups.csv' order by score desc limit 1)
order by p.time;
```

```python
import pandas
groups = pandas.read_csv(\"groups.csv\", parse_dates=[\"first\", \"last\"])
members = pandas.read_csv(\"members.csv\", dtype={\"account_id\": str})
evidence = pandas.read_parquet(\"evidence.parquet\")
```
";
