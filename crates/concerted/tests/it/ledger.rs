//! Every verb of `concerted ledger` as a reader of the terminal meets it, word for word.

use super::{concerted, repository, succeed, text};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// What was printed, with the exit code; times, hashes and the temporary folder are put out of the way.
fn told(output: &Output, folder: &Path) -> String {
    let mut told = format!("exit code {}\n", output.status.code().unwrap());
    for (name, bytes) in [("output", &output.stdout), ("beside", &output.stderr)] {
        if !bytes.is_empty() {
            let _ = write!(told, "--- {name}\n{}", String::from_utf8_lossy(bytes));
        }
    }
    told.replace(text(folder), "[folder]")
}

macro_rules! snapshot {
    ($folder:expr, $args:expr) => {
        snapshot!(of concerted($args), $folder, format!("concerted {}", $args.join(" ")))
    };
    (of $output:expr, $folder:expr, $info:expr) => {{
        let folder: &Path = $folder;
        insta::with_settings!({
            description => $info.replace(text(folder), "[folder]").replace(text(&repository()), "[repository]"),
            omit_expression => true,
            filters => vec![
                (r"[0-9a-f]{64}", "[hash]"),
                (r"torn-[0-9a-f]{12}", "torn-[hash]"),
                (r"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "[time]"),
            ],
        }, {
            insta::assert_snapshot!(told(&$output, folder));
        });
    }};
}

/// Runs the program with words on its standard input.
fn concerted_told(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn data(name: &str) -> String {
    let path = repository().join("crates/concerted-ledger/data").join(name);
    text(&path).to_owned()
}

/// The worked timeline that is shipped, taken into a ledger.
fn worked(folder: &Path) -> String {
    let ledger = text(&folder.join("worked.jsonl")).to_owned();
    let (timeline, completions) = (data("timeline.jsonl"), data("timeline.completions.jsonl"));
    succeed(&[
        "ledger",
        "add",
        &ledger,
        "--timeline",
        &timeline,
        "--completions",
        &completions,
        "--by",
        "Ada Renn",
    ]);
    ledger
}

const ARTICLE: &str = "Minister sees signs of meddling
The Harbour Courier, 26 April 2024

Foreign Minister Mara Ellison said in an interview on Friday that there was evidence of attempts to “influence and arguably interfere” with the vote.

Tarsia has no hand in it, the embassy said.

Asked whether a promise had been violated, the top diplomat declined to say.
";

const POSTS: &str = "post_id,account_id,time,text
1,a,2031-04-01T10:00:00Z,one
2,b,2031-04-01T10:01:00Z,two
3,c,2031-04-01T10:02:00Z,three
";

#[test]
fn the_worked_timeline_is_told() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let ledger = worked(folder);
    snapshot!(folder, &["ledger", "verify", &ledger]);
    snapshot!(folder, &["ledger", "timeline", &ledger]);
    snapshot!(
        folder,
        &[
            "ledger",
            "timeline",
            &ledger,
            "--by",
            "known",
            "--as-of",
            "2024-04-28"
        ]
    );
    snapshot!(folder, &["ledger", "show", &ledger, "L002"]);
    snapshot!(
        folder,
        &[
            "ledger",
            "assess",
            &ledger,
            "L002",
            "--pack",
            "odni-2024",
            "--pack",
            "22usc2708k4"
        ]
    );
    snapshot!(
        folder,
        &[
            "ledger", "assess", &ledger, "L002", "--pack", "eu-fimi", "--format", "markdown"
        ]
    );
    snapshot!(folder, &["ledger", "show", &ledger, "L999"]);
    snapshot!(
        folder,
        &["ledger", "assess", &ledger, "L002", "--pack", "odni"]
    );
}

/// Nothing the program says of the worked timeline calls a promise broken, but where the word is said to have
/// been declined; and every item says according to whom.
#[test]
fn no_verdict_is_printed() {
    let home = tempfile::tempdir().unwrap();
    let ledger = worked(home.path());
    for args in [
        &["ledger", "timeline", &ledger][..],
        &["ledger", "show", &ledger, "L002"],
        &["ledger", "assess", &ledger, "L002"],
        &["ledger", "export", &ledger, "--to", "markdown"],
    ] {
        let said = succeed(args);
        let said = said.replace("Asserted of \"commitment violated\": declined", "");
        for verdict in ["violated", "broke ", "broken", "lied"] {
            assert!(!said.contains(verdict), "{args:?} says `{verdict}`: {said}");
        }
        for line in said.lines().filter(|line| line.starts_with("- ")) {
            assert!(line.contains("according to"), "{line}");
        }
    }
}

#[test]
fn every_export_holds_every_statement() {
    let home = tempfile::tempdir().unwrap();
    let ledger = worked(home.path());
    for (form, sign) in [
        ("stix", "\"type\": \"bundle\""),
        ("stix-opencti", "media-content"),
        ("schema-org", "\"@graph\""),
        ("csv", "id,record_type,act,speaker"),
        ("markdown", "- 2023-11-15 L001"),
    ] {
        let said = succeed(&["ledger", "export", &ledger, "--to", form]);
        assert!(said.contains(sign), "{form}");
        for number in (1..=18).filter(|number| *number != 16) {
            let id = format!("L{number:03}");
            assert!(said.contains(&id), "{form} lacks {id}");
        }
    }
}

#[test]
fn an_article_is_read_and_each_proposal_asked_about() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let article = folder.join("article.txt");
    std::fs::write(&article, ARTICLE).unwrap();
    snapshot!(folder, &["ledger", "read", text(&article)]);
    let proposals = folder.join("proposals.json");
    std::fs::write(&proposals, succeed(&["ledger", "read", text(&article)])).unwrap();
    let case = folder.join("desk.case");
    std::fs::create_dir(&case).unwrap();
    let args = [
        "ledger",
        "add",
        text(&case),
        "--from",
        text(&proposals),
        "--by",
        "Ada Renn",
    ];
    // Accepts the claim; slips once, calls the second a denial, is asked what it denies, says it; drops the refusal.
    let output = concerted_told(
        &args,
        "a\nact=denies\nact=deny\na\nabout=article-01\na\nd\n",
    );
    snapshot!(of output, folder, format!("concerted {}", args.join(" ")));
    snapshot!(folder, &["ledger", "timeline", text(&case)]);
    snapshot!(folder, &["ledger", "verify", text(&case)]);
}

#[test]
fn what_breaks_a_rule_is_named_and_nothing_enters() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let ledger = folder.join("a.jsonl");
    let timeline = data("timeline.jsonl");
    snapshot!(
        folder,
        &[
            "ledger",
            "add",
            text(&ledger),
            "--timeline",
            &timeline,
            "--by",
            "Ada Renn"
        ]
    );
    assert_eq!(std::fs::read(&ledger).unwrap(), b"");
}

#[test]
fn a_text_is_linted_against_the_ledger() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let ledger = worked(folder);
    let report = folder.join("report.md");
    std::fs::write(
        &report,
        "China violated its pledge.\n\nIt is likely, with low confidence, that it did.\n\nXi pledged to stay out.\n\nAccording to L007, there was evidence.\n",
    )
    .unwrap();
    snapshot!(
        folder,
        &["ledger", "lint", text(&report), "--ledger", &ledger]
    );
    std::fs::write(
        &report,
        "According to CNN, citing two people, Xi pledged to stay out.\n",
    )
    .unwrap();
    snapshot!(
        folder,
        &["ledger", "lint", text(&report), "--ledger", &ledger]
    );
}

#[test]
fn the_first_wrong_line_is_named() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let ledger = worked(folder);
    let whole = std::fs::read_to_string(&ledger).unwrap();
    std::fs::write(&ledger, whole.replacen("arguably", "clearly", 1)).unwrap();
    snapshot!(folder, &["ledger", "verify", &ledger]);
    snapshot!(folder, &["ledger", "timeline", &ledger]);
    let mut lines: Vec<&str> = whole.split_inclusive('\n').collect();
    lines.remove(4);
    std::fs::write(&ledger, lines.concat()).unwrap();
    snapshot!(folder, &["ledger", "verify", &ledger]);
    std::fs::write(&ledger, &whole[..whole.len() - 40]).unwrap();
    snapshot!(folder, &["ledger", "verify", &ledger]);
    snapshot!(
        folder,
        &["ledger", "timeline", &ledger, "--as-of", "2024-01-30"]
    );
}

/// A case that was scanned, holds a ledger, was torn by a crash in both chains, and was opened with names:
/// each is set aside or noted, and the case still verifies.
#[test]
fn a_case_stays_whole_through_a_crash_and_a_reveal() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let (posts, case) = (folder.join("posts.csv"), folder.join("desk.case"));
    std::fs::write(&posts, POSTS).unwrap();
    succeed(&[
        "scan",
        text(&posts),
        "--case",
        text(&case),
        "--controls",
        "0",
    ]);
    let record = folder.join("record.jsonl");
    let agent = |id: &str| {
        let line = format!(
            "{{\"record_type\":\"agent\",\"id\":\"{id}\",\"name\":\"Ida Norrland\",\"kind\":\"person\"}}\n"
        );
        std::fs::write(&record, line).unwrap();
        succeed(&[
            "ledger",
            "add",
            text(&case),
            text(&record),
            "--by",
            "Ada Renn",
        ]);
    };
    agent("first");
    snapshot!(folder, &["verify", text(&case)]);
    for chain in ["ledger.jsonl", "custody.jsonl"] {
        let path = case.join(chain);
        let mut torn = std::fs::read(&path).unwrap();
        torn.extend_from_slice(b"{\"hash\":\"12");
        std::fs::write(&path, torn).unwrap();
    }
    snapshot!(folder, &["verify", text(&case)]);
    snapshot!(folder, &["ledger", "seal", text(&case), "--by", "Ada Renn"]);
    let aside = std::fs::read_dir(&case)
        .unwrap()
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().contains(".torn-")
        })
        .count();
    assert_eq!(aside, 2, "both pieces are kept");
    snapshot!(folder, &["verify", text(&case)]);
    agent("second");
    succeed(&["report", text(&case), "--reveal", "referral 14"]);
    snapshot!(folder, &["verify", text(&case)]);
    let log = std::fs::read_to_string(case.join("custody.jsonl")).unwrap();
    assert!(log.contains("referral 14") && log.contains("accounts revealed"));
}

/// Bytes that a process has read so far, told by the system even after it has ended.
#[cfg(target_os = "linux")]
fn bytes_read(args: &[&str]) -> Option<u64> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let place = format!("/proc/{}", child.id());
    let ended = || {
        let stat = std::fs::read_to_string(format!("{place}/stat")).unwrap_or_default();
        let state = stat.rsplit(')').next().unwrap_or_default().trim();
        state.is_empty() || state.starts_with('Z')
    };
    // Ended and not yet waited for: its account stays open until then.
    while !ended() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let account = std::fs::read_to_string(format!("{place}/io")).ok();
    assert!(child.wait().unwrap().success(), "{args:?}");
    account?
        .lines()
        .find_map(|line| line.strip_prefix("rchar: "))?
        .parse()
        .ok()
}

/// Ten thousand records, then one more, verified, told: the file goes through memory once for each command.
#[test]
#[cfg(target_os = "linux")]
fn the_file_is_read_once_for_each_command() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path();
    let ledger = folder.join("a.jsonl");
    let records = folder.join("records.jsonl");
    let mut many = String::new();
    for number in 0..10_000 {
        let _ = writeln!(
            many,
            "{{\"record_type\":\"agent\",\"id\":\"a{number}\",\"name\":\"Somebody with a name of some length, number {number}\",\"kind\":\"person\"}}"
        );
    }
    std::fs::write(&records, &many).unwrap();
    let (ledger_path, records_path) = (text(&ledger), text(&records));
    succeed(&[
        "ledger",
        "add",
        ledger_path,
        records_path,
        "--by",
        "Ada Renn",
    ]);
    std::fs::write(&records, many.lines().next().unwrap().replace("a0", "b0")).unwrap();
    let size = std::fs::metadata(&ledger).unwrap().len();
    assert!(size > 3_000_000);
    for args in [
        &[
            "ledger",
            "add",
            ledger_path,
            records_path,
            "--by",
            "Ada Renn",
        ][..],
        &["ledger", "verify", ledger_path],
        &["ledger", "timeline", ledger_path],
        &["ledger", "show", ledger_path, "a17"],
    ] {
        let Some(read) = bytes_read(args) else {
            println!("skipped: the system does not tell what a process has read");
            return;
        };
        assert!(
            read >= size && read < size + size / 2,
            "{args:?} read {read} bytes of a ledger of {size}"
        );
    }
}
