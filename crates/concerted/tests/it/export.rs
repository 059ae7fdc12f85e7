//! Figures and tables of a case, taken out and read back.

use super::cases::{table, write};
use super::{refuse, repository, succeed, text};
use std::path::{Path, PathBuf};
use std::process::Command;

fn case(dir: &Path) -> PathBuf {
    let (header, rows) = table();
    let input = dir.join("posts.csv");
    write(&input, &header, &rows);
    let case = dir.join("desk.case");
    succeed(&[
        "scan",
        text(&input),
        "--case",
        text(&case),
        "--controls",
        "0",
    ]);
    case
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn pictures_and_tables_are_the_same_each_time_and_can_be_read() {
    let home = tempfile::tempdir().unwrap();
    let case = case(home.path());
    let take = |to: &str, folder: &str| {
        let folder = home.path().join(folder);
        succeed(&["export", text(&case), "--to", to, "--out", text(&folder)]);
        folder
    };
    let (svg, again) = (take("svg", "svg"), take("svg", "again"));
    let expected = [
        "chance",
        "coverage",
        "g1-accounts",
        "g1-delays",
        "g1-network",
        "g1-window",
    ];
    assert_eq!(names(&svg), expected.map(|name| format!("{name}.svg")));
    let png = take("png", "png");
    for name in expected {
        let picture = std::fs::read_to_string(svg.join(format!("{name}.svg"))).unwrap();
        let other = std::fs::read_to_string(again.join(format!("{name}.svg"))).unwrap();
        assert!(picture == other, "{name} differs");
        assert!(picture.contains("Source: ") && picture.contains("concerted"));
        assert!(
            !picture.contains("var(") && !picture.contains("href"),
            "{name}"
        );
        for account in ["m0", "m4"] {
            assert!(
                !picture.contains(&format!(">{account}<")),
                "{name} names {account}"
            );
        }
        // The picture says how large it is; PNG has twice as many pixels, in its first chunk.
        let wide = picture
            .split("width=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        let bytes = std::fs::read(png.join(format!("{name}.png"))).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{name}");
        let pixels = u32::from_be_bytes(bytes[16..20].try_into().unwrap());
        assert!(
            (f64::from(pixels) - 2.0 * wide.parse::<f64>().unwrap()).abs() <= 1.0,
            "{name}: {pixels} pixels for {wide}"
        );
    }
    let tables = take("csv", "csv");
    for (name, rows) in [("chance", 1), ("g1-accounts", 5), ("g1-network", 10)] {
        let mut reader = csv::Reader::from_path(tables.join(format!("{name}.csv"))).unwrap();
        let found = reader.records().map(Result::unwrap).count();
        assert!(found >= rows, "{name}: {found} rows");
    }
    let one = home.path().join("groups.csv");
    succeed(&[
        "export",
        text(&case),
        "--to",
        "csv",
        "--figure",
        "groups",
        "--out",
        text(&one),
    ]);
    let list = std::fs::read_to_string(one).unwrap();
    assert!(
        list.starts_with("group,accounts,") && list.contains("\ng1,5,links,"),
        "{list}"
    );
}

#[test]
fn graphs_open_in_networkx_with_the_accounts_and_lines_of_the_case() {
    let home = tempfile::tempdir().unwrap();
    let case = case(home.path());
    let mut files = Vec::new();
    for form in ["gexf", "graphml"] {
        let path = home.path().join(format!("g1.{form}"));
        succeed(&[
            "export",
            text(&case),
            "--to",
            form,
            "--group",
            "g1",
            "--out",
            text(&path),
        ]);
        let graph = std::fs::read_to_string(&path).unwrap();
        assert!(
            graph.contains("account-") && !graph.contains("\"m0\""),
            "{graph}"
        );
        files.push(path);
    }
    let Some(python) = std::env::var_os("CONCERTED_PYTHON") else {
        println!("skipped export_graph.py: CONCERTED_PYTHON names no interpreter");
        return;
    };
    let script = repository().join("crates/concerted-formats/tests/python/export_graph.py");
    let output = Command::new(python)
        .arg(script)
        .arg(&case)
        .args(&files)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("all as expected"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn what_is_not_there_is_refused_with_what_is() {
    let home = tempfile::tempdir().unwrap();
    let case = case(home.path());
    let refused = |more: &[&str]| {
        let mut args = vec!["export", text(&case)];
        args.extend(more);
        refuse(&args)
    };
    let said = refused(&["--to", "svg", "--figure", "pie"]);
    assert!(
        said.contains("no figure pie") && said.contains("accounts, chance, coverage"),
        "{said}"
    );
    let said = refused(&["--to", "svg", "--figure", "accounts"]);
    assert!(said.contains("say which with --group"), "{said}");
    let said = refused(&["--to", "png", "--group", "g9"]);
    assert!(said.contains("no group g9; it has g1 to g1"), "{said}");
    let said = refused(&["--to", "gexf", "--figure", "network"]);
    assert!(said.contains("a graph file holds the network"), "{said}");
    let said = refused(&["--to", "svg", "--figure", "groups"]);
    assert!(said.contains("take --to csv"), "{said}");
}

#[test]
fn a_report_has_as_many_dossiers_with_figures_as_asked_for() {
    let home = tempfile::tempdir().unwrap();
    let case = case(home.path());
    let said = succeed(&["report", text(&case), "--groups", "0"]);
    assert!(said.trim().ends_with("report-groups.html"), "{said}");
    let page = std::fs::read_to_string(case.join("report-groups.html")).unwrap();
    assert!(page.contains("<article id=\"g1\" class=\"short\">"));
    succeed(&["report", text(&case), "--groups", "all"]);
    let page = std::fs::read_to_string(case.join("report-groups.html")).unwrap();
    assert!(page.contains("<article id=\"g1\" class=\"full\">"));
    // The scan's own report is untouched, and the new one is no change to the case.
    succeed(&["verify", text(&case)]);
    refuse(&["report", text(&case), "--groups", "many"]);
}
