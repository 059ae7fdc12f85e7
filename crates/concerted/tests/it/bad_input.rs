//! Bad input is data: a message with file, row, column and what to do, and never a panic.

use super::{concerted, refuse, succeed, text};
use std::path::Path;

fn file(dir: &Path, name: &str, content: &[u8]) -> String {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    text(&path).to_owned()
}

#[test]
fn an_input_with_nothing_to_scan_is_refused_with_a_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("x.case");
    for (name, content, says) in [
        ("empty.csv", "", "empty.csv"),
        ("header.csv", "post_id,account_id,time,text\n", "header.csv"),
        (
            "notime.csv",
            "post_id,account_id,text\n1,a,hello there\n",
            "--map time=",
        ),
        (
            "zoneless.csv",
            "post_id,account_id,time,text\n1,a,2021-08-21 23:50:36,hello there\n",
            "--time-zone UTC",
        ),
    ] {
        let said = refuse(&[
            "scan",
            &file(dir.path(), name, content.as_bytes()),
            "--case",
            text(&case),
        ]);
        assert!(said.contains(says) && said.contains(name), "{name}: {said}");
        assert!(!case.exists(), "{name} left a case behind");
    }
    let said = refuse(&["scan", "/no/such/file.csv", "--case", text(&case)]);
    assert!(said.contains("/no/such/file.csv"), "{said}");
}

#[test]
fn bad_rows_are_listed_and_the_good_ones_count() {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("x.case");
    let content = b"post_id,account_id,time,text\n\
        1,a,2021-08-21T23:50:36Z,a good row with words enough to be a text\n\
        2,b,0000-01-01T00:00:00Z,year nought\n\
        3,c,9999-12-31T00:00:00Z,year of the far future\n\
        4,d,-5,a negative time\n\
        5,e,2021-08-21T23:50:40Z,one,field,too,many\n\
        6,,2021-08-21T23:50:40Z,nobody\n\
        7,f,2021-08-21T23:50:41Z,=HYPERLINK(\"http://evil.example\")\n\
        7,f,2021-08-21T23:50:41Z,=HYPERLINK(\"http://evil.example\")\n";
    let input = file(dir.path(), "mixed.csv", content);
    let output = concerted(&["scan", &input, "--case", text(&case), "--controls", "0"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let problems = std::fs::read_to_string(case.join("problems.csv")).unwrap();
    for (row, word) in [
        (3, "time-out-of-range"),
        (4, "time-out-of-range"),
        (5, "time-out-of-range"),
        (6, "too-many-fields"),
        (7, "no-account"),
        (9, "duplicate-post"),
    ] {
        assert!(
            problems
                .lines()
                .any(|line| line.contains(&format!("mixed.csv,{row},")) && line.contains(word)),
            "row {row} is not listed as {word}:\n{problems}"
        );
    }
    assert!(String::from_utf8_lossy(&output.stdout).contains("Read 2 posts by 2 accounts"));
}

#[test]
fn a_scan_says_so_where_there_is_too_little() {
    let dir = tempfile::tempdir().unwrap();
    let one_account = |i: u32| {
        format!(
            "{i},only,{},https://a.example/{}",
            1_630_000_000 + i * 9,
            i % 5
        )
    };
    let one_second = |i: u32| format!("{i},a{i},1630000000,https://a.example/{}", i % 5);
    let rows = |row: &dyn Fn(u32) -> String| (0..40).map(row).collect::<Vec<_>>().join("\n");
    for (name, content) in [
        ("one-account.csv", rows(&one_account)),
        ("one-second.csv", rows(&one_second)),
    ] {
        let input = file(
            dir.path(),
            name,
            format!("post_id,account_id,time,url\n{content}").as_bytes(),
        );
        let said = succeed(&[
            "scan",
            &input,
            "--case",
            text(&dir.path().join("x.case")),
            "--controls",
            "2",
        ]);
        assert!(
            said.contains("No group of accounts acts together"),
            "{name}: {said}"
        );
        assert!(
            said.contains("cannot be told from chance"),
            "{name}: {said}"
        );
    }
}

#[test]
fn standard_input_and_packed_files_are_read() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("x.case");
    let mut child = Command::new(env!("CARGO_BIN_EXE_concerted"))
        .args(["scan", "-", "--case", text(&case), "--controls", "0"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = b"{\"id\":\"1\",\"author_id\":\"a\",\"created_at\":\"2021-08-21T23:50:36Z\",\"text\":\"hello\"}\n\
        {\"id\":\"2\",\"author_id\":\"b\",\"created_at\":\"2021-08-21T23:50:39Z\",\"text\":\"hello\"}\n";
    child.stdin.take().unwrap().write_all(lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(String::from_utf8_lossy(&output.stdout).contains("Read 2 posts by 2 accounts"));
}

#[test]
fn a_folder_with_somebodys_work_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("x.case");
    let input = file(dir.path(), "posts.csv", b"post_id,account_id,time,url\n1,a,1630000000,https://a.example/1\n2,b,1630000005,https://a.example/1\n");
    succeed(&["scan", &input, "--case", text(&case), "--controls", "0"]);
    succeed(&["scan", &input, "--case", text(&case), "--controls", "0"]);
    std::fs::write(case.join("my-notes.txt"), "half a year of work").unwrap();
    let said = refuse(&["scan", &input, "--case", text(&case), "--controls", "0"]);
    assert!(said.contains("my-notes.txt"), "{said}");
    assert!(case.join("my-notes.txt").exists());
}
