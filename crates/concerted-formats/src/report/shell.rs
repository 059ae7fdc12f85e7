//! What stands around the sections: style, fonts, and a policy that lets nothing else in.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("style.css");
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

/// The whole page.
pub(super) fn page(title: &str, body: &Markup) -> Markup {
    let mut style = String::new();
    for (weight, font) in FONTS {
        style.push_str("@font-face{font-family:Inter;font-weight:");
        style.push_str(&weight.to_string());
        style.push_str(";src:url(data:font/woff2;base64,");
        style.push_str(&base64(font));
        style.push_str(") format(\"woff2\")}\n");
    }
    style.push_str(STYLE);
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; font-src data:; base-uri 'none'; form-action 'none'",
        base64(&Sha256::digest(style.as_bytes()))
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
            body { (body) }
        }
    }
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
    fn the_style_opens_no_way_out() {
        assert!(!STYLE.contains("http") && !STYLE.contains("@import") && !STYLE.contains("</"));
    }
}
