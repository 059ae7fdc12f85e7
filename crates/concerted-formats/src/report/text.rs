//! A stranger's text in our page: it stays text, whatever it holds.
//!
//! maud escapes what would be markup. What is left to do is what a reader cannot see: characters that
//! turn the direction of writing or take no room are drawn as small names, since they are evidence;
//! links are made harmless; texts and words that would fill the page are cut, and the cut is counted.

use concerted_engine::normalize::differences::{Mark, differences};
use concerted_engine::normalize::url::defang;
use maud::{Markup, html};
use std::borrow::Cow;

/// Characters of a post shown in the report.
pub(super) const SHOWN: usize = 600;
/// Characters of one word, without a blank in it. Some scripts write none, so it is generous.
const WORD: usize = 300;

/// A text as it may stand in the page, cut at [`SHOWN`] characters.
pub(super) fn shown(text: &str) -> Markup {
    shown_to(text, SHOWN)
}

/// A text of at most this many characters.
pub(super) fn shown_to(text: &str, most: usize) -> Markup {
    let (kept, left) = cut(text, most);
    html! {
        (drawn(&harmless(&kept)))
        @if left > 0 { span.cut { "… " (crate::words::count(left as u64)) " more characters" } }
    }
}

/// A post's text, in its own language and direction.
pub(super) fn post(text: &str, lang: &str) -> Markup {
    html! { bdi dir="auto" lang=[language(lang)] { (shown(text)) } }
}

/// A short foreign word: an account, a file, a name.
pub(super) fn word(text: &str) -> Markup {
    html! { bdi { (shown_to(text, 120)) } }
}

/// A link made harmless, cut.
pub(super) fn link(url: &str) -> Markup {
    html! { code.link { bdi { (shown_to(&defang(url), 160)) } } }
}

/// The second text with the words marked that the first does not have.
pub(super) fn marked(first: &str, second: &str, lang: &str) -> Markup {
    let (first, _) = cut(first, SHOWN);
    let (second, left) = cut(second, SHOWN);
    let (first, second) = (harmless(&first), harmless(&second));
    let mut parts: Vec<(bool, &str)> = Vec::new();
    let mut at = 0;
    for span in differences(&first, &second) {
        if span.mark == Mark::OnlyFirst {
            continue;
        }
        if span.second.start > at {
            parts.push((false, &second[at..span.second.start]));
        }
        at = span.second.end;
        parts.push((span.mark == Mark::OnlySecond, &second[span.second]));
    }
    parts.push((false, &second[at.min(second.len())..]));
    html! {
        bdi dir="auto" lang=[language(lang)] {
            @for (other, part) in parts {
                @if other { mark { (drawn(part)) } } @else { (drawn(part)) }
            }
            @if left > 0 { span.cut { "… " (crate::words::count(left as u64)) " more characters" } }
        }
    }
}

/// A language tag, if it is one.
fn language(lang: &str) -> Option<&str> {
    let fits = (2..=35).contains(&lang.len())
        && lang
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then_some(lang)
}

/// The beginning of a text with long words shortened, and how many characters are left out.
fn cut(text: &str, most: usize) -> (Cow<'_, str>, usize) {
    let mut in_word = 0;
    for (kept, (at, letter)) in text.char_indices().enumerate() {
        in_word = if letter.is_whitespace() {
            0
        } else {
            in_word + 1
        };
        if kept == most || in_word > WORD {
            return (Cow::Borrowed(&text[..at]), text[at..].chars().count());
        }
    }
    (Cow::Borrowed(text), 0)
}

/// Links in a text made harmless: printed to PDF or copied, they cannot be opened by accident.
fn harmless(text: &str) -> Cow<'_, str> {
    if !text.to_ascii_lowercase().contains("://") {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    for piece in text.split_inclusive(char::is_whitespace) {
        let lower = piece.to_ascii_lowercase();
        match lower.find("http").filter(|at| lower[*at..].contains("://")) {
            Some(at) => {
                safe.push_str(&piece[..at]);
                let (url, end) = piece[at..].split_at(piece[at..].trim_end().len());
                // A second address glued to the first must not stay as it was.
                let mut rest = defang(url);
                while let Some(next) = rest.to_ascii_lowercase().find("http") {
                    rest.replace_range(next..next + 4, "hxxp");
                }
                safe.push_str(&rest);
                safe.push_str(end);
            }
            None => safe.push_str(piece),
        }
    }
    Cow::Owned(safe)
}

/// Letters as they are, invisible and turning characters as small names.
fn drawn(text: &str) -> Markup {
    let mut parts: Vec<(bool, Cow<'_, str>)> = Vec::new();
    let mut from = 0;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        if let Some(name) = name(letter, before) {
            parts.push((false, Cow::Borrowed(&text[from..at])));
            parts.push((true, name));
            from = at + letter.len_utf8();
        }
        before = letter;
    }
    parts.push((false, Cow::Borrowed(&text[from..])));
    html! {
        @for (named, part) in &parts {
            @if *named { span.sign { (part) } } @else { (part) }
        }
    }
}

/// The name of a character that cannot be seen, or that turns those around it.
fn name(letter: char, before: char) -> Option<Cow<'static, str>> {
    let name = match letter {
        '\n' | '\t' => return None,
        '\0' => "NUL",
        '\r' => "CR",
        '\u{ad}' => "SHY",
        '\u{34f}' => "CGJ",
        '\u{61c}' => "ALM",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "FILLER",
        '\u{180e}' => "MVS",
        '\u{200b}' => "ZWSP",
        '\u{200c}' => "ZWNJ",
        // Between pictures it makes one picture of several.
        '\u{200d}' if before >= '\u{2190}' => return None,
        '\u{200d}' => "ZWJ",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{2028}' => "LSEP",
        '\u{2029}' => "PSEP",
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2061}'..='\u{2064}' => "INVISIBLE",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{206a}'..='\u{206f}' => "DEPRECATED",
        '\u{feff}' => "BOM",
        '\u{fff9}'..='\u{fffb}' => "ANNOTATION",
        '\u{e0000}'..='\u{e007f}' => "TAG",
        letter if letter.is_control() => {
            return Some(format!("U+{:04X}", u32::from(letter)).into());
        }
        _ => return None,
    };
    Some(Cow::Borrowed(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(markup: &Markup) -> &str {
        &markup.0
    }

    #[test]
    fn what_cannot_be_seen_is_named_and_what_could_be_opened_is_not() {
        assert_eq!(
            html(&shown("a\u{202e}b\0<b>")),
            "a<span class=\"sign\">RLO</span>b<span class=\"sign\">NUL</span>&lt;b&gt;"
        );
        assert_eq!(
            html(&shown("see HTTPS://a.b/c now")),
            "see hxxpS://a[.]b/c now"
        );
        assert_eq!(html(&shown("👩\u{200d}🚒")), "👩\u{200d}🚒");
        assert_eq!(
            html(&shown_to("abcdef", 3)),
            "abc<span class=\"cut\">… 3 more characters</span>"
        );
        assert!(
            html(&shown(&"x".repeat(100_000))).ends_with("… 99\u{202f}700 more characters</span>")
        );
        assert_eq!(language("de\" onload=\"x"), None);
    }

    #[test]
    fn only_the_words_that_differ_are_marked() {
        assert_eq!(
            html(&marked("Go vote on Sunday!", "Go vote on Monday!", "en")),
            "<bdi dir=\"auto\" lang=\"en\">Go vote on <mark>Monday</mark>!</bdi>"
        );
    }

    proptest! {
            #[test]
            fn no_text_becomes_an_element(text in "(<|>|\"|'|&|script|javascript:|https?://|\u{202e}|\0|[a-z ]|\\PC){0,60}") {
                for page in [shown(&text).0, post(&text, &text).0, marked("a b", &text, "de").0, link(&text).0] {
                    let bare = page.replace("<span class=\"sign\">", "").replace("<span class=\"cut\">", "")
                        .replace("</span>", "").replace("<mark>", "").replace("</mark>", "")
                        .replace("<code class=\"link\">", "").replace("</code>", "").replace("<bdi>", "");
                    let tags = bare.matches('<').count();
                    prop_assert!(tags <= 2, "{page}");
                    let lower = page.to_lowercase();
                    prop_assert!(!lower.contains("http://") && !lower.contains("https://"), "{page}");
    let unseen = |c: char| c == '\0' || c == '\u{202e}';
                    prop_assert!(!page.contains(unseen), "{page}");
                }
            }
        }
}
