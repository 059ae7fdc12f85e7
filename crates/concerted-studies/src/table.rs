//! Tables in Markdown.

use std::fmt::Write as _;

/// A table: a head and rows of as many cells; the first column is text, the others are numbers.
pub(crate) fn markdown(head: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "| {} |", head.join(" | "));
    let rule = std::iter::once("---").chain(head.iter().skip(1).map(|_| "--:"));
    let _ = writeln!(text, "| {} |", rule.collect::<Vec<_>>().join(" | "));
    for row in rows {
        assert_eq!(row.len(), head.len(), "a row has a cell for each column");
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// A share with two digits, as the pages write it.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    format!("{:.2}", part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_head_a_rule_and_its_rows() {
        assert_eq!(
            markdown(&["a", "b"], &[vec!["x".into(), share(1, 3)]]),
            "| a | b |\n| --- | --: |\n| x | 0.33 |\n"
        );
        assert_eq!(share(0, 0), "-");
    }
}
