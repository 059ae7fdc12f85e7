//! Divisions as a user meets them: said by a scan, asked for again with seeds, and refused with a reason.

use super::{refuse, succeed, text};
use std::fmt::Write as _;

/// 200 accounts in two camps of tags, and eight that post one link after the other together, half of them
/// with the tags of either camp.
fn table() -> String {
    let mut table = String::from("post_id,account_id,time,url,text,lang\n");
    let mut state = 7u64;
    let mut draw = |bound: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % bound
    };
    let mut id = 0;
    let mut post = |account: &str, seconds: u64, url: &str, tag: &str| {
        id += 1;
        let _ = writeln!(
            table,
            "{id},{account},{},{url},\"note {id} on it #{tag}\",en",
            1_630_000_000 + seconds
        );
    };
    for account in 0..208u64 {
        let name = if account < 200 {
            format!("u{account}")
        } else {
            format!("m{}", account - 200)
        };
        for _ in 0..16 {
            let side = if draw(100) < 93 {
                account % 2
            } else {
                1 - account % 2
            };
            let tag = format!(
                "{}{}",
                ["elm", "oak"][usize::try_from(side).unwrap()],
                draw(24)
            );
            let seconds = draw(400_000);
            // Everybody's posts bring pages, so that links are nothing that only the eight share.
            let url = format!("https://paper.example/{}", draw(400));
            post(&name, seconds, &url, &tag);
        }
    }
    for act in 0..10u64 {
        for member in 0..8u64 {
            let url = format!("https://push.example/{act}");
            post(
                &format!("m{member}"),
                9_000 + act * 40_000 + member * 4,
                &url,
                ["elm1", "oak1"][usize::try_from(member % 2).unwrap()],
            );
        }
    }
    table
}

#[test]
fn a_scan_says_what_divides_and_a_person_can_name_it() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("posts.csv");
    std::fs::write(&input, table()).unwrap();
    let case = dir.path().join("desk.case");
    succeed(&[
        "scan",
        text(&input),
        "--case",
        text(&case),
        "--controls",
        "1",
    ]);
    let said = succeed(&["divisions", text(&case)]);
    assert!(
        said.contains("two camps") && said.contains("Nobody named the camps"),
        "{said}"
    );
    assert!(said.contains("g1: It stands on both sides"), "{said}");
    assert!(
        said.contains("do not show intent, one operator, or effect"),
        "{said}"
    );
    let page = std::fs::read_to_string(case.join("report.html")).unwrap();
    assert!(page.contains("What the divide is about") && page.contains("id=\"g1-sides\""));
    let seeds = |name: &str| format!("{name}=#{name}1,#{name}2,#{name}3");
    let issues = dir.path().join("issues.toml");
    std::fs::write(
        &issues,
        "drop = [\"#elm4\"]\n[[issue]]\nname = \"trees\"\nitems = [\"#elm1\", \"#oak1\"]\n",
    )
    .unwrap();
    let named = succeed(&[
        "divisions",
        text(&case),
        "--seed-a",
        &seeds("elm"),
        "--seed-b",
        &seeds("oak"),
        "--issues",
        text(&issues),
    ]);
    assert!(
        named.contains("with elm") && named.contains("“trees”") && !named.contains("“#elm4”"),
        "{named}"
    );
    assert!(case.join("divisions-judged.csv").exists());
    let log = std::fs::read_to_string(case.join("custody.jsonl")).unwrap();
    assert!(
        log.contains("computed divisions again") && log.contains("trees"),
        "{log}"
    );
    succeed(&["verify", text(&case)]);
    let said = refuse(&["divisions", text(&case), "--together", "1,9"]);
    assert!(said.contains("no group is called \"g9\""), "{said}");
}

#[test]
fn a_scan_without_controls_has_no_divisions_and_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("posts.csv");
    std::fs::write(
        &input,
        "post_id,account_id,time,text\n1,a,1630000000,hello\n2,b,1630000001,there\n",
    )
    .unwrap();
    let case = dir.path().join("desk.case");
    succeed(&[
        "scan",
        text(&input),
        "--case",
        text(&case),
        "--controls",
        "0",
    ]);
    let said = refuse(&["divisions", text(&case)]);
    assert!(said.contains("--controls 20"), "{said}");
}
