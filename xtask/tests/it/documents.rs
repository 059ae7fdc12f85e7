//! Do the documents tell the truth about the tree?
//!
//! Maps of code go stale unless something holds them: every crate and every module of the engine is
//! named in `ARCHITECTURE.md`, every path named there exists, every link between documents leads
//! somewhere, every decision is in the index, and no document knows the machine it was written on.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::files::{ends_in, files, root};

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documents: every Markdown file of the project.
fn documents() -> impl Iterator<Item = PathBuf> {
    files().into_iter().filter(|file| ends_in(file, "md"))
}

/// The folders that are crates of the workspace, relative to the root.
fn crates() -> Vec<PathBuf> {
    files()
        .into_iter()
        .filter(|file| file.file_name().is_some_and(|name| name == "Cargo.toml"))
        .filter_map(|file| file.parent().map(Path::to_owned))
        .filter(|folder| folder != Path::new(""))
        .collect()
}

/// Lines of a Markdown text that are not inside a fenced block.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// What stands between backticks in a Markdown text, outside fenced blocks.
fn code_spans(text: &str) -> Vec<&str> {
    prose(text)
        .flat_map(|line| line.split('`').skip(1).step_by(2))
        .collect()
}

/// Whether a code span is meant as a path of the tree: a folder ends in a slash, a file in its ending.
fn looks_like_a_path(span: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    span.chars().all(plain)
        && (span.contains('/')
            || ["rs", "md"]
                .iter()
                .any(|ending| ends_in(span.as_ref(), ending)))
}

/// Where each local link of a Markdown text leads, without the part after `#`.
fn links(text: &str) -> Vec<&str> {
    prose(text)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|rest| rest.split([')', ' ']).next())
        .filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
        .filter_map(|link| link.split('#').next())
        .filter(|link| !link.is_empty())
        .collect()
}

#[test]
fn the_architecture_names_every_crate_and_every_module_of_the_engine() {
    let text = read("ARCHITECTURE.md");
    let spans = code_spans(&text);
    let engine = Path::new("crates/concerted-engine/src");
    let mut missing: Vec<String> = crates()
        .iter()
        .map(|folder| folder.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !spans.contains(&name.as_str()))
        .collect();
    for file in files() {
        let Ok(inside) = file.strip_prefix(engine) else {
            continue;
        };
        let mut parts = inside.iter().map(|part| part.to_str().unwrap());
        let first = parts.next().unwrap();
        let module = if parts.next().is_some() {
            format!("{first}/")
        } else {
            first.to_owned()
        };
        if !spans.contains(&module.as_str()) && !missing.contains(&module) {
            missing.push(module);
        }
    }
    assert!(
        missing.is_empty(),
        "ARCHITECTURE.md does not name {missing:?}"
    );
}

#[test]
fn every_path_in_the_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    // A path may be told from the root, or from the crate that the section is about.
    let mut from = vec![root().to_owned()];
    for folder in crates() {
        from.push(root().join(&folder));
        from.push(root().join(&folder).join("src"));
    }
    let stale: Vec<_> = code_spans(&text)
        .into_iter()
        .filter(|span| looks_like_a_path(span))
        .filter(|span| !from.iter().any(|folder| folder.join(span).exists()))
        .collect();
    assert!(
        stale.is_empty(),
        "ARCHITECTURE.md names what is not there: {stale:?}"
    );
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let folder = root().join(&document);
        let folder = folder.parent().unwrap();
        for link in links(&read(&document)) {
            if !folder.join(link).exists() {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "links that lead nowhere: {dead:#?}");
}

#[test]
fn no_document_knows_a_machine() {
    let mut told = Vec::new();
    for document in documents() {
        for (number, line) in read(&document).lines().enumerate() {
            if let Some(place) = place_of_a_machine(line) {
                told.push(format!("{}:{}: {place}", document.display(), number + 1));
            }
        }
    }
    for source in files().iter().filter(|file| ends_in(file, "rs")) {
        for (number, line) in read(source).lines().enumerate() {
            let comment = line.trim_start().strip_prefix("//");
            if let Some(place) = comment.and_then(place_of_a_machine) {
                told.push(format!("{}:{}: {place}", source.display(), number + 1));
            }
        }
    }
    assert!(told.is_empty(), "folders of one machine: {told:#?}");
}

/// The first absolute path in a line that exists on some machines only.
fn place_of_a_machine(line: &str) -> Option<&'static str> {
    ["/work", "/tmp", "/root", "/home"]
        .into_iter()
        .find(|place| {
            line.match_indices(place).any(|(start, _)| {
                let before = line[..start].chars().next_back();
                let after = line[start + place.len()..].chars().next();
                let part_of_a_path =
                    |letter: char| letter.is_alphanumeric() || "._-~/>}".contains(letter);
                !before.is_some_and(part_of_a_path)
                    && !after
                        .is_some_and(|letter| letter.is_alphanumeric() || "._-".contains(letter))
            })
        })
}

/// One page under `docs/decisions`.
struct Decision {
    file: String,
    title: String,
    date: String,
}

fn decisions() -> Vec<Decision> {
    let folder = Path::new("docs/decisions");
    let mut decisions = Vec::new();
    for path in documents().filter(|path| path.parent() == Some(folder)) {
        let file = path.file_name().unwrap().to_str().unwrap().to_owned();
        if file == "README.md" || file == "template.md" {
            continue;
        }
        let text = read(&path);
        for heading in [
            "## Context",
            "## Choice",
            "## Alternatives",
            "## Consequences",
        ] {
            assert!(
                text.lines().any(|line| line == heading),
                "{file} lacks \"{heading}\""
            );
        }
        let title = text.lines().find_map(|line| line.strip_prefix("# "));
        let date = text.lines().find_map(|line| line.strip_prefix("Decided: "));
        decisions.push(Decision {
            title: title
                .unwrap_or_else(|| panic!("{file} lacks a title"))
                .to_owned(),
            date: date
                .filter(|date| date.len() == "2026-01-31".len())
                .unwrap_or_else(|| panic!("{file} lacks a line \"Decided: YEAR-MONTH-DAY\""))
                .to_owned(),
            file,
        });
    }
    decisions.sort_by(|a, b| (&a.date, &a.title).cmp(&(&b.date, &b.title)));
    decisions
}

/// Holds the index of decisions; with `UPDATE=1` it writes it.
#[test]
fn decisions_are_indexed() {
    let path = "docs/decisions/README.md";
    let start = "<!-- index: written by `just gen` -->\n";
    let text = read(path);
    let (preface, _) = text
        .split_once(start)
        .unwrap_or_else(|| panic!("{path} lacks the line {start:?}"));

    let mut index = String::from("\n| decided | what |\n| --- | --- |\n");
    for Decision { file, title, date } in decisions() {
        writeln!(index, "| {date} | [{title}]({file}) |").unwrap();
    }
    let expected = format!("{preface}{start}{index}");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(root().join(path), expected).unwrap();
    } else {
        assert!(
            text == expected,
            "{path} is out of date; run `just gen`\n{expected}"
        );
    }
}

#[test]
fn the_readers_of_markdown_see_what_is_there() {
    let text = "a `b/` and `c.rs`\n```text\n`d/`\n[x](y.md)\n```\n[one](two.md#three) [four](https://a.b/c)";
    assert_eq!(code_spans(text), ["b/", "c.rs"]);
    assert_eq!(links(text), ["two.md"]);
    assert!(looks_like_a_path("b/"));
    assert!(looks_like_a_path(".ci/run"));
    assert!(!looks_like_a_path("scan FILE --case DIR"));
    assert!(!looks_like_a_path("groups.csv"));
    assert_eq!(place_of_a_machine("see `/tmp/a.case`"), Some("/tmp"));
    assert_eq!(
        place_of_a_machine("https://a.b/work and ../work, /workbench"),
        None
    );
}
