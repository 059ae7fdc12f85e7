//! How far a scan is shows on a terminal, and nowhere else.

use super::{repository, text};
use std::process::{Command, Output};

/// Runs the program on a terminal, with posts that come through a pipe and take their time.
fn on_a_terminal(flags: &str) -> Option<Output> {
    let dir = tempfile::tempdir().unwrap();
    let case = dir.path().join("x.case");
    let program = env!("CARGO_BIN_EXE_concerted");
    let rows =
        r"printf 'post_id,account_id,time,text\n1,a,1630000000,hello\n2,b,1630000001,hello\n'";
    let line = format!(
        "({rows}; sleep 3; echo 3,c,1630000002,hello) | '{program}' scan - --controls 0 {flags} --case '{}'",
        text(&case)
    );
    let pty = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
    let run = Command::new("python3")
        .args(["-c", pty, "sh", "-c", &line])
        .current_dir(repository())
        .env("TERM", "xterm")
        .env("COLUMNS", "160")
        .stdin(std::process::Stdio::null())
        .output();
    let Ok(output) = run else {
        println!("skipped: python3, which makes the terminal, is not here");
        return None;
    };
    Some(output)
}

fn shown(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn rows_and_their_rate_show_on_a_terminal_unless_it_is_told_to_be_quiet() {
    let Some(output) = on_a_terminal("") else {
        return;
    };
    let loud = shown(&output);
    assert!(output.status.success(), "{loud}");
    assert!(
        loud.contains("reading -") && loud.contains("rows/s"),
        "{loud:?}"
    );
    assert!(loud.contains("Read 3 posts"), "{loud:?}");
    if let Some(output) = on_a_terminal("--quiet") {
        let quiet = shown(&output);
        assert!(
            !quiet.contains("rows/s") && quiet.contains("Read 3 posts"),
            "{quiet:?}"
        );
    }
}

#[test]
fn nothing_of_it_shows_in_a_pipe() {
    let dir = tempfile::tempdir().unwrap();
    let program = env!("CARGO_BIN_EXE_concerted");
    let line = format!(
        "(echo post_id,account_id,time,text; echo 1,a,1630000000,x; sleep 2) | '{program}' scan - --controls 0 --case '{}'",
        text(&dir.path().join("x.case"))
    );
    let Ok(output) = Command::new("sh").args(["-c", &line]).output() else {
        println!("skipped: there is no sh");
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("rows/s") && !said.contains('\r'), "{said:?}");
}
