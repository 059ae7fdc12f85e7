//! What stands around the sections: style, fonts, one script, and a policy that lets nothing else in.

use crate::figures::palette::{DARK, LIGHT, MARKS, properties};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");
const PRINT: &str = include_str!("print.css");
/// Sorts, filters and marks the place in the contents; the page is whole without it.
const SCRIPT: &str = include_str!("script.js");
/// Inter, Latin part, under the SIL Open Font License 1.1 (`assets/OFL.txt`); other scripts fall to
/// the system's font.
const FONTS: [(u16, &[u8]); 2] = [
    (
        400,
        include_bytes!("../../assets/inter-latin-400-normal.woff2"),
    ),
    (
        600,
        include_bytes!("../../assets/inter-latin-600-normal.woff2"),
    ),
];

/// What is printed at the head of each page.
pub(super) struct Head {
    pub(super) left: String,
    pub(super) right: String,
}

/// The whole page.
pub(super) fn page(title: &str, head: &Head, body: &Markup) -> Markup {
    let style = style(head);
    let hash = |text: &str| base64(&Sha256::digest(text.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; font-src data:; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(SCRIPT)
    );
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(&style)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn style(head: &Head) -> String {
    let mut style = String::new();
    for (weight, font) in FONTS {
        style.push_str("@font-face{font-family:Inter;font-weight:");
        style.push_str(&weight.to_string());
        style.push_str(";src:url(data:font/woff2;base64,");
        style.push_str(&base64(font));
        style.push_str(") format(\"woff2\")}\n");
    }
    let (light, dark) = (properties(&LIGHT), properties(&DARK));
    for part in [
        ":root{color-scheme:light dark;",
        &light,
        "}\n@media (prefers-color-scheme:dark){:root{",
        &dark,
        "}}\n",
        STYLE,
        MARKS,
        "@media print{:root{color-scheme:light;",
        &light,
        "}}\n",
        PRINT,
    ] {
        style.push_str(part);
    }
    style.push_str("@page{@top-left{content:");
    style.push_str(&quoted(&head.left, 80));
    style.push_str("}@top-right{content:");
    style.push_str(&quoted(&head.right, 60));
    style.push_str("}}\n");
    style
}

/// A string of CSS that holds nothing but what it says: whatever is not a plain letter or digit is
/// written by its number. Long texts are cut.
fn quoted(text: &str, most: usize) -> String {
    use std::fmt::Write as _;
    let mut string = String::from("\"");
    let mut letters = text.chars().filter(|letter| !letter.is_control());
    for letter in letters.by_ref().take(most) {
        if letter.is_ascii_alphanumeric() || letter == ' ' {
            string.push(letter);
        } else {
            let _ = write!(string, "\\{:x} ", u32::from(letter));
        }
    }
    if letters.next().is_some() {
        string.push_str("\\2026 ");
    }
    string.push('"');
    string
}

/// The mark of the program: three accounts that meet.
pub(super) fn mark() -> Markup {
    html! {
        svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true" {
            path d="M4 9L14 4M4 9L14 14" class="trace" {}
            circle cx="4" cy="9" r="3.2" class="obs" {}
            circle cx="14" cy="4" r="2.8" class="obs" {}
            circle cx="14" cy="14" r="2.8" class="obs" {}
        }
    }
}

/// Base64 of bytes (RFC 4648), for fonts and for the hash of the style.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |place: usize| u32::from(chunk.get(place).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place <= chunk.len() {
                text.push(char::from(
                    LETTERS[(bits >> (18 - 6 * place) & 63) as usize],
                ));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_rfc_4648() {
        let texts = ["", "f", "fo", "foo", "foob"].map(|text| base64(text.as_bytes()));
        assert_eq!(texts, ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg=="]);
    }

    #[test]
    fn style_and_script_open_no_way_out() {
        for text in [STYLE, PRINT, MARKS, SCRIPT] {
            for way in ["http", "@import", "</", "url("] {
                assert!(!text.contains(way), "{way}");
            }
        }
        for way in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "fetch",
            "XMLHttp",
            "eval",
            "import",
            "setTimeout",
            "location",
        ] {
            assert!(!SCRIPT.contains(way), "{way}");
        }
    }

    #[test]
    fn a_running_head_holds_only_what_it_says() {
        assert_eq!(quoted("Plan 9", 80), "\"Plan 9\"");
        assert_eq!(
            quoted("\"}</style>\\\n", 80),
            "\"\\22 \\7d \\3c \\2f style\\3e \\5c \""
        );
        assert_eq!(quoted("abcdef", 3), "\"abc\\2026 \"");
    }
}
