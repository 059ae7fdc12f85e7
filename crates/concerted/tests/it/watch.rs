//! The watch as a user runs it: killed, flooded, fed with nonsense.

use super::{concerted, refuse, succeed, text};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const BEGIN: i64 = 1_700_000_000;

fn line(time: i64, account: &str, link: &str, number: usize) -> String {
    format!(
        "{{\"post_id\":\"p{number}\",\"account_id\":\"{account}\",\"time\":{time},\"text\":\"look\",\"urls\":[\"https://news.example/{link}\"]}}\n"
    )
}

/// Strangers, and two groups that post the same links together.
fn lines(count: i64) -> Vec<String> {
    let mut rows: Vec<(i64, String, String)> = (0..count)
        .map(|n| {
            // Numbers that repeat only after a long while, from a multiplication modulo a prime.
            let draw = (n + 1) * 48_271 % 2_147_483_647;
            (
                BEGIN + draw % 200_000,
                format!("s{}", draw / 7 % 700),
                format!("o{}", draw / 11 % 400),
            )
        })
        .collect();
    for group in 0..2 {
        for action in 0..10 {
            for member in 0..5 {
                rows.push((
                    BEGIN + 20_000 + group * 7_000 + action * 16_000 + member * 8,
                    format!("g{group}m{member}"),
                    format!("joint{group}-{action}"),
                ));
            }
        }
    }
    rows.sort();
    rows.iter()
        .enumerate()
        .map(|(number, (time, account, link))| line(*time, account, link, number))
        .collect()
}

fn alerts(state: &Path) -> String {
    std::fs::read_to_string(state.join("alerts.jsonl")).unwrap_or_default()
}

/// Both begin under one key, so that pseudonyms agree.
fn state(dir: &Path, name: &str) -> std::path::PathBuf {
    let state = dir.join(name);
    std::fs::create_dir_all(&state).unwrap();
    std::fs::write(
        state.join("pseudonym.key"),
        format!("{}\n", "07".repeat(32)),
    )
    .unwrap();
    state
}

#[test]
fn killed_at_any_moment_it_tells_the_same_alerts_once() {
    let dir = tempfile::tempdir().unwrap();
    let posts = dir.path().join("posts.ndjson");
    std::fs::write(&posts, lines(6_000).concat()).unwrap();
    let whole = state(dir.path(), "whole");
    let printed = succeed(&[
        "watch",
        text(&posts),
        "--state",
        text(&whole),
        "--once",
        "-q",
    ]);
    let expected = alerts(&whole);
    assert_eq!(printed, expected);
    assert!(expected.lines().count() >= 2, "{expected}");

    let kills = if std::env::var_os("CONCERTED_EXTENDED_TESTS").is_some() {
        50
    } else {
        6
    };
    let killed = state(dir.path(), "killed");
    let args = [
        "watch",
        text(&posts),
        "--state",
        text(&killed),
        "--every-posts",
        "300",
        "--once",
        "-q",
    ];
    let mut grown = std::fs::File::create(&posts).unwrap();
    let lines = lines(6_000);
    let mut draw: u64 = 12_345;
    for kill in 0..kills {
        // The file grows by a part, cut anywhere, and the watch is killed somewhere in it.
        let text = lines.concat();
        let (from, to) = (text.len() * kill / kills, text.len() * (kill + 1) / kills);
        std::io::Write::write_all(&mut grown, &text.as_bytes()[from..to]).unwrap();
        let follow: Vec<&str> = args
            .iter()
            .copied()
            .filter(|arg| *arg != "--once")
            .collect();
        let mut child = Command::new(env!("CARGO_BIN_EXE_concerted"))
            .args(&follow)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        draw = draw * 48_271 % 2_147_483_647;
        std::thread::sleep(Duration::from_millis(20 + draw % 600));
        // SIGKILL: nothing of the process runs any more.
        child.kill().unwrap();
        child.wait().unwrap();
    }
    succeed(&args);
    assert!(
        alerts(&killed) == expected,
        "{}\n{expected}",
        alerts(&killed)
    );
    let ids: BTreeSet<String> = expected
        .lines()
        .map(|line| {
            line.split("\"id\":\"")
                .nth(1)
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    assert_eq!(ids.len(), expected.lines().count());
    assert!(
        succeed(&["watch", "--status", "--state", text(&killed)]).contains("permuted_incidents")
    );
}

#[test]
fn nonsense_degrades_with_a_message_and_the_alerts_stay() {
    let dir = tempfile::tempdir().unwrap();
    let lines = lines(3_000);
    let (clean, posts) = (
        dir.path().join("clean.ndjson"),
        dir.path().join("posts.ndjson"),
    );
    std::fs::write(&clean, lines.concat()).unwrap();
    let whole = state(dir.path(), "whole");
    succeed(&[
        "watch",
        text(&clean),
        "--state",
        text(&whole),
        "--once",
        "-q",
    ]);

    let mut bytes = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        bytes.extend_from_slice(line.as_bytes());
        match number {
            700 => bytes.extend_from_slice(b"{\"post_id\":\"half\n"),
            800 => bytes.extend_from_slice(b"\x00\xff\xfe garbage \x80\n"),
            // A clock an hour ahead, and one a week behind.
            900 => bytes.extend_from_slice(
                self::line(BEGIN + 72_000 + 200_000, "ahead", "x", 1_000_001).as_bytes(),
            ),
            1_000 => bytes.extend_from_slice(
                self::line(BEGIN - 600_000, "behind", "x", 1_000_002).as_bytes(),
            ),
            1_100 => {
                bytes.extend(std::iter::repeat_n(b'x', 100 << 20));
                bytes.push(b'\n');
            }
            _ => {}
        }
    }
    std::fs::write(&posts, bytes).unwrap();
    let other = state(dir.path(), "other");
    let output = concerted(&["watch", text(&posts), "--state", text(&other), "--once"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    for message in [
        "left out (bad-json)",
        "passed over",
        "came later than --lateness allows",
        "far ahead of all others",
    ] {
        assert!(said.contains(message), "{message}: {said}");
    }
    let accounts = |state: &Path| -> Vec<String> {
        let one = |line: &str| {
            line.split("\"accounts\":")
                .nth(1)
                .unwrap()
                .split(']')
                .next()
                .unwrap()
                .to_owned()
        };
        alerts(state).lines().map(one).collect()
    };
    assert_eq!(accounts(&other), accounts(&whole));
}

#[test]
fn a_full_disk_stops_the_watch_and_leaves_its_state() {
    let dir = tempfile::tempdir().unwrap();
    let posts = dir.path().join("posts.ndjson");
    let lines = lines(2_000);
    std::fs::write(&posts, lines[..1_000].concat()).unwrap();
    let place = state(dir.path(), "state");
    let args = [
        "watch",
        text(&posts),
        "--state",
        text(&place),
        "--once",
        "-q",
    ];
    succeed(&args);
    let before = std::fs::read(place.join("watch.state")).unwrap();
    std::fs::write(&posts, lines.concat()).unwrap();
    // The new state cannot be written where a folder stands, as on a disk that is full.
    std::fs::create_dir(place.join("watch.new")).unwrap();
    assert!(refuse(&args).contains("start again when this is mended"));
    assert_eq!(std::fs::read(place.join("watch.state")).unwrap(), before);
    std::fs::remove_dir(place.join("watch.new")).unwrap();
    succeed(&args);
    let whole = state(dir.path(), "whole");
    succeed(&[
        "watch",
        text(&posts),
        "--state",
        text(&whole),
        "--once",
        "-q",
    ]);
    let ids = |state: &Path| -> Vec<String> {
        alerts(state)
            .lines()
            .map(|line| line.split("\"watch\"").next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&place).len(), ids(&whole).len());
}

#[test]
fn tables_pipes_and_folders_are_watched_like_files() {
    let dir = tempfile::tempdir().unwrap();
    let mut csv = String::from("post_id,account_id,time,text,urls\n");
    for line in lines(1_500) {
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        let cell = |name: &str| {
            value[name]
                .as_str()
                .map_or_else(|| value[name].to_string(), str::to_owned)
        };
        let link = value["urls"][0].as_str().unwrap();
        let _ = writeln!(
            csv,
            "{},{},{},look,{link}",
            cell("post_id"),
            cell("account_id"),
            cell("time")
        );
    }
    let folder = dir.path().join("arrivals");
    std::fs::create_dir(&folder).unwrap();
    let file = folder.join("posts.csv");
    std::fs::write(&file, &csv).unwrap();
    let mut told = Vec::new();
    for (name, source) in [("file", text(&file)), ("folder", text(&folder))] {
        let place = state(dir.path(), name);
        told.push(succeed(&[
            "watch",
            source,
            "--state",
            text(&place),
            "--once",
            "-q",
        ]));
    }
    let place = state(dir.path(), "pipe");
    let mut child = Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(["watch", "-", "--state", text(&place), "-q"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), csv.as_bytes()).unwrap();
    told.push(String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap());
    assert!(told[0].lines().count() >= 2);
    assert!(told[0] == told[1] && told[1] == told[2]);
    // Accounts are pseudonyms, and a reason shows them.
    assert!(told[0].contains("account-") && !told[0].contains("g0m1"));
    let shown = succeed(&["watch", text(&file), "--once", "-q", "--reveal", "a test"]);
    assert!(shown.contains("\"g0m1\"") && shown.contains("\"revealed\":\"a test\""));
}

#[test]
fn a_replay_says_how_early_the_watch_would_have_been() {
    let dir = tempfile::tempdir().unwrap();
    let (posts, truth) = (
        dir.path().join("posts.ndjson"),
        dir.path().join("truth.csv"),
    );
    std::fs::write(&posts, lines(4_000).concat()).unwrap();
    let mut table = String::from("account_id,group_id\n");
    for group in 0..2 {
        for member in 0..5 {
            let _ = writeln!(table, "g{group}m{member},{group}");
        }
    }
    std::fs::write(&truth, table).unwrap();
    let said = succeed(&[
        "replay",
        text(&posts),
        "--truth",
        text(&truth),
        "--measures-only",
        "-q",
    ]);
    let measures: serde_json::Value = serde_json::from_str(said.trim()).unwrap();
    assert_eq!(measures["groups"], 2);
    assert_eq!(measures["watch"]["found"], 1.0);
    assert!(
        measures["watch"]["median_actions_at_alert"]
            .as_u64()
            .unwrap()
            <= 3
    );
    assert_eq!(measures["watch"]["false_incidents"], 0);
    assert!(
        measures["two_co_actions_in_60_s"]["found"]
            .as_f64()
            .unwrap()
            > 0.0
    );
    let error = refuse(&["replay", text(&posts), "--truth", text(&posts)]);
    assert!(error.contains("account_id and group_id"), "{error}");
}
