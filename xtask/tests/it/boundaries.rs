//! Does each crate stay on its side of the border?
//!
//! The borders are absences: the engine does no input or output, the statistics know nothing of posts,
//! and outside the engine no detector is called by its name. Looked for in code, not in comments or tests.

use std::path::PathBuf;

use crate::files::{ends_in, files, root};

/// Lines of code under a folder, each with its place: no comments, and nothing from the tests on.
fn code_under(folder: &str) -> Vec<(String, String)> {
    let sources: Vec<PathBuf> = files()
        .into_iter()
        .filter(|file| file.starts_with(folder) && ends_in(file, "rs"))
        .filter(|file| file.file_name() != Some("tests.rs".as_ref()))
        .collect();
    assert!(!sources.is_empty(), "no source under {folder}");
    let mut code = Vec::new();
    for source in sources {
        let text = std::fs::read_to_string(root().join(&source)).unwrap();
        for (number, line) in code_of(&text) {
            code.push((format!("{}:{number}", source.display()), line.to_owned()));
        }
    }
    code
}

/// The lines of a source that are code of the program itself, numbered from 1. Tests come last in a file.
fn code_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .take_while(|(_, line)| !line.starts_with("mod tests {"))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The words of a line: runs of letters, digits and underscores.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}

#[test]
fn the_engine_does_no_input_or_output() {
    let outside = [
        "std::env",
        "std::fs",
        "std::io",
        "std::net",
        "std::path",
        "std::process",
        "std::time",
        "Instant",
        "SystemTime",
        "PathBuf",
        "println!",
        "eprintln!",
        "print!",
        "eprint!",
    ];
    let crossed: Vec<_> = code_under("crates/concerted-engine/src")
        .into_iter()
        .filter(|(_, line)| outside.iter().any(|name| line.contains(name)))
        .collect();
    assert!(
        crossed.is_empty(),
        "the engine reaches outside: {crossed:#?}"
    );
}

#[test]
fn the_statistics_know_no_account_post_or_platform() {
    let known = |word: &str| {
        word.to_ascii_lowercase().split('_').any(|part| {
            let part = part.strip_suffix('s').unwrap_or(part);
            [
                "account", "post", "repost", "platform", "tweet", "hashtag", "url",
            ]
            .contains(&part)
        })
    };
    let crossed: Vec<_> = code_under("crates/concerted-stats/src")
        .into_iter()
        .filter(|(_, line)| words(line).any(known))
        .collect();
    assert!(
        crossed.is_empty(),
        "the statistics know too much: {crossed:#?}"
    );
}

#[test]
fn no_outer_layer_names_a_detector() {
    // A detector's card ends in a line like: "co-link" asks "Who posts the same links together?" objects
    let ids: Vec<String> = code_under("crates/concerted-engine/src/detectors")
        .into_iter()
        .filter_map(|(_, line)| {
            let (id, _) = line.trim().strip_prefix('"')?.split_once("\" asks \"")?;
            Some(format!("\"{id}\""))
        })
        .collect();
    assert!(
        ids.len() > 2,
        "the cards of the detectors look different now: {ids:?}"
    );

    let mut crossed = Vec::new();
    for folder in ["crates/concerted/src", "crates/concerted-formats/src"] {
        crossed.extend(
            code_under(folder)
                .into_iter()
                .filter(|(_, line)| ids.iter().any(|id| line.contains(id.as_str()))),
        );
    }
    assert!(
        crossed.is_empty(),
        "detectors named outside the engine: {crossed:#?}"
    );
}

#[test]
fn comments_and_tests_are_no_code() {
    let text =
        "// std::fs\nuse a;\n    /// std::io\nfn b() {}\n#[cfg(test)]\nmod tests {\nuse std::fs;\n";
    let lines: Vec<_> = code_of(text).map(|(_, line)| line).collect();
    assert_eq!(lines, ["use a;", "fn b() {}", "#[cfg(test)]"]);
}
