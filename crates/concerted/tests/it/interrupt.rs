//! Ctrl-C, a request to end, and a kill: nothing half-written is left, and an earlier case stands.

#![cfg(unix)]

use super::{concerted, succeed, text};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// Posts enough that writing them takes a moment, no two of them alike.
fn many(path: &Path) {
    let mut rows = "post_id,account_id,time,text\n".to_owned();
    for row in 0..60_000_u64 {
        let words = (row + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let time = 1_630_000_000 + row;
        writeln!(rows, "{row},a{},{time},{words:x} {:x}", row % 997, !words).unwrap();
    }
    fs::write(path, rows).unwrap();
}

fn few(path: &Path) {
    let rows = "post_id,account_id,time,url\n1,a,1630000000,https://a.example/1\n2,b,1630000005,https://a.example/1\n";
    fs::write(path, rows).unwrap();
}

/// The arguments of a scan that is over soon.
fn scan<'a>(posts: &'a Path, case: &'a Path) -> [&'a str; 6] {
    ["scan", text(posts), "--case", text(case), "--controls", "0"]
}

fn start(args: &[&str], stdin: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(args)
        .env("NO_COLOR", "1")
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

/// Folders beside the place that are not meant to stay.
fn left_beside(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .filter(|path| text(path.file_name().unwrap().as_ref()).starts_with('.'))
        .collect()
}

/// Waits until the folder that is being filled holds this file, or until the scan is over.
fn wait_for(child: &mut Child, dir: &Path, file: &str) -> bool {
    while child.try_wait().unwrap().is_none() {
        if left_beside(dir)
            .iter()
            .any(|folder| folder.join(file).exists())
        {
            return true;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    false
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_signal_while_a_case_is_written_leaves_nothing_and_the_earlier_case() {
    let dir = tempfile::tempdir().unwrap();
    let (case, posts) = (dir.path().join("x.case"), dir.path().join("posts.csv"));
    few(&posts);
    succeed(&scan(&posts, &case));
    let before = fs::read(case.join("datapackage.json")).unwrap();
    many(&posts);
    let args = scan(&posts, &case);
    for (name, file) in [
        ("-INT", ""),
        ("-TERM", "case.toml"),
        ("-INT", "posts.parquet"),
        ("-TERM", "pairs.parquet"),
        ("-INT", "groups.csv"),
    ] {
        let mut child = start(&args, Stdio::null());
        assert!(
            wait_for(&mut child, dir.path(), file),
            "{file} came by unseen"
        );
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            output.status.code(),
            Some(130),
            "{name} at {file:?}: {}",
            said(&output)
        );
        assert!(said(&output).contains("stopped; the case it was writing is removed"));
        assert!(left_beside(dir.path()).is_empty(), "{name} at {file:?}");
        assert_eq!(fs::read(case.join("datapackage.json")).unwrap(), before);
        succeed(&["verify", text(&case)]);
    }
}

#[test]
fn a_signal_while_posts_are_read_ends_the_scan_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let (case, posts) = (dir.path().join("x.case"), dir.path().join("posts.csv"));
    many(&posts);
    let rows = fs::read(&posts).unwrap();
    let mut child = start(&["scan", "-", "--case", text(&case)], Stdio::piped());
    let mut stdin = child.stdin.take().unwrap();
    // More than a pipe holds, so that it is reading by now; and the end never comes.
    stdin.write_all(&rows).unwrap();
    signal(&child, "-INT");
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    assert_eq!(output.status.code(), Some(130), "{}", said(&output));
    assert!(said(&output).contains("stopped; no case was being written"));
    assert!(!case.exists() && left_beside(dir.path()).is_empty());
}

#[test]
fn what_a_killed_scan_leaves_is_removed_by_the_next_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let (case, posts) = (dir.path().join("x.case"), dir.path().join("posts.csv"));
    many(&posts);
    let args = scan(&posts, &case);
    let mut child = start(&args, Stdio::null());
    assert!(wait_for(&mut child, dir.path(), "posts.parquet"));
    // A second scan leaves the folder of one that still runs alone.
    few(&posts);
    let second = concerted(&args);
    assert!(second.status.success(), "{}", said(&second));
    assert!(
        !said(&second).contains("interrupted scan"),
        "{}",
        said(&second)
    );
    signal(&child, "-KILL");
    assert_eq!(child.wait_with_output().unwrap().status.signal(), Some(9));
    let left = left_beside(dir.path());
    assert_eq!(left.len(), 1, "{left:?}");
    let third = concerted(&args);
    assert!(third.status.success());
    let name = text(&left[0]);
    assert!(
        said(&third).contains(&format!("removed {name}")),
        "{}",
        said(&third)
    );
    assert!(left_beside(dir.path()).is_empty());
}

#[test]
fn an_earlier_case_that_was_set_aside_is_put_back() {
    let dir = tempfile::tempdir().unwrap();
    let (case, posts) = (dir.path().join("x.case"), dir.path().join("posts.csv"));
    few(&posts);
    let args = scan(&posts, &case);
    succeed(&args);
    let aside = dir.path().join(".x.case.old-1");
    fs::create_dir(&aside).unwrap();
    fs::rename(&case, aside.join("case")).unwrap();
    let nothing = dir.path().join("nothing.csv");
    fs::write(&nothing, "").unwrap();
    let output = concerted(&["scan", text(&nothing), "--case", text(&case)]);
    assert!(
        said(&output).contains("put back the earlier case"),
        "{}",
        said(&output)
    );
    succeed(&["verify", text(&case)]);
    assert!(left_beside(dir.path()).is_empty());
}
