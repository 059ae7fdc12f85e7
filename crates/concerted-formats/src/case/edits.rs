//! What a person makes of the issues, as TOML: which items are one, what it is called, which to leave out.
//!
//! ```toml
//! drop = ["#earthday"]
//!
//! [[issue]]
//! name = "policing"
//! items = ["#blacklivesmatter", "#bluelivesmatter"]
//! ```

use super::error::CaseError;
use concerted_engine::divisions::seeds::Edits;
use serde::Deserialize;
use std::path::Path;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    drop: Vec<String>,
    #[serde(default)]
    issue: Vec<Issue>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Issue {
    name: String,
    items: Vec<String>,
}

/// Reads the file; an error names it and the line.
pub fn read(path: &Path) -> Result<Edits, CaseError> {
    let text = std::fs::read_to_string(path).map_err(CaseError::io(path))?;
    parse(&text).map_err(|error| CaseError::syntax(path, error))
}

fn parse(text: &str) -> Result<Edits, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    Ok(Edits {
        issues: file
            .issue
            .into_iter()
            .map(|issue| (issue.name, issue.items))
            .collect(),
        dropped: file.drop,
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn issues_are_named_merged_and_dropped_and_a_slip_is_told() {
        let edits =
            parse("drop = [\"#x\"]\n[[issue]]\nname = \"n\"\nitems = [\"#a\", \"b.org\"]\n")
                .unwrap();
        assert_eq!(edits.dropped, ["#x"]);
        assert_eq!(edits.issues[0].1, ["#a", "b.org"]);
        let error = parse("[[issue]]\nname = \"n\"\nitem = [\"#a\"]\n").unwrap_err();
        assert!(error.to_string().contains("item"), "{error}");
    }
}
