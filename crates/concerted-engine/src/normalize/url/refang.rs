//! Links that were made harmless for printing, and back.
//!
//! Indicators of disclosed operations are published as `hxxps://example[.]org`, so that nobody opens
//! them by accident. They must meet the same links in posts, and what we print must be as safe.

use super::LONGEST_LINK;
use std::borrow::Cow;

/// Spellings of `http` that cannot be opened.
const SCHEMES: [&str; 5] = ["hxxp", "hxtp", "htxp", "h**p", "meow"];

/// Spellings of a dot that cannot be opened. Those in square brackets cannot be meant literally.
const DOTS: [&str; 7] = ["[.]", "[dot]", "[,]", "(.)", "(dot)", "{.}", "{dot}"];

/// The link as it would be opened, without blanks around it; `None` where it is too long or cut off.
pub(super) fn refang(link: &str) -> Option<Cow<'_, str>> {
    if link.len() > LONGEST_LINK {
        return None;
    }
    let link = link.trim_matches(|c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(
                c,
                '<' | '>' | '"' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
            )
    });
    // A text cut at its length limit ends so; the links that begin like this are many.
    if link.is_empty() || link.ends_with('…') {
        return None;
    }
    let start = link.get(..4).unwrap_or_default();
    // `hxxps://` and `meow[:]//`, but not the host `meow.org`.
    let rest = link.get(4..).unwrap_or_default();
    let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest);
    let other_scheme =
        rest.starts_with([':', '[']) && SCHEMES.iter().any(|name| start.eq_ignore_ascii_case(name));
    if !other_scheme && !link.contains(['[', '(', '{']) {
        return Some(Cow::Borrowed(link));
    }
    let mut text = if other_scheme {
        format!("http{}", &link[4..])
    } else {
        link.to_owned()
    };
    let mut defanged = other_scheme;
    for (from, to) in [("[://]", "://"), ("[:]//", "://"), ("[:]", ":")] {
        let prefix = text.get(..text.len().min(12)).unwrap_or_default();
        if prefix
            .get(..4)
            .is_some_and(|s| s.eq_ignore_ascii_case("http"))
            && prefix.contains(from)
        {
            text = text.replacen(from, to, 1);
            defanged = true;
        }
    }
    let host_start = text.find("://").map_or(0, |at| at + 3);
    let host_end = text[host_start..]
        .find(['/', '?', '#'])
        .map_or(text.len(), |at| host_start + at);
    let mut host = text[host_start..host_end].to_owned();
    for dot in DOTS {
        if let Some(plain) = replace_ignoring_case(&host, dot) {
            host = plain;
            defanged = true;
        }
    }
    let mut rest = text[host_end..].to_owned();
    if defanged {
        for dot in DOTS.iter().filter(|dot| dot.starts_with('[')) {
            rest = replace_ignoring_case(&rest, dot).unwrap_or(rest);
        }
    }
    Some(Cow::Owned(format!("{}{host}{rest}", &text[..host_start])))
}

/// `text` with every `dot` written as a dot, or `None` if there is none.
fn replace_ignoring_case(text: &str, dot: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for (start, _) in lower.match_indices(dot) {
        plain.push_str(&text[at..start]);
        plain.push('.');
        at = start + dot.len();
    }
    (at > 0).then(|| plain + &text[at..])
}

/// The link as text that no program opens: `hxxps://example[.]org/...`. Reading it with
/// [`canonical`](super::canonical) gives the same link again.
///
/// ```
/// use concerted_engine::normalize::url::defang;
/// assert_eq!(defang("https://news.example.org/a.html"), "hxxps://news[.]example[.]org/a.html");
/// ```
pub fn defang(link: &str) -> String {
    let link = link.trim();
    let (scheme, after) = link.split_once("://").unwrap_or(("", link));
    let mut safe = String::with_capacity(link.len() + 16);
    if link.contains("://") {
        let start = scheme.get(..4).unwrap_or_default();
        if start.eq_ignore_ascii_case("http") {
            safe.push_str("hxxp");
            safe.push_str(&scheme[4..]);
        } else {
            safe.push_str(scheme);
        }
        safe.push_str("://");
    }
    let host_end = after.find(['/', '?', '#']).unwrap_or(after.len());
    let mut last = ' ';
    for c in after[..host_end].chars() {
        if c == '.' && last != '[' {
            safe.push_str("[.]");
        } else {
            safe.push(c);
        }
        last = c;
    }
    // A link inside the link would still be opened by a reader's program.
    safe.push_str(&after[host_end..].replace("://", "%3A//"));
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defanged_links_are_read() {
        for (link, expected) in [
            ("hxxps://example[.]org/a", "https://example.org/a"),
            ("hXXp://example(dot)org", "http://example.org"),
            ("http[:]//example{.}org", "http://example.org"),
            (
                "https[://]example[DOT]org/b[.]php",
                "https://example.org/b.php",
            ),
            (
                "https://example.org/a_(.)_[.]",
                "https://example.org/a_(.)_[.]",
            ),
            (" <https://[::1]/> ", "https://[::1]/"),
        ] {
            assert_eq!(refang(link).as_deref(), Some(expected));
        }
        assert_eq!(refang("https://t.co/abc…"), None);
    }

    #[test]
    fn defanging_leaves_nothing_to_open() {
        assert_eq!(
            defang("http://a.example.org:8080/?u=https://b.org"),
            "hxxp://a[.]example[.]org:8080/?u=https%3A//b.org"
        );
        assert_eq!(defang("example.org"), "example[.]org");
        let safe = defang("https://example.org");
        assert_eq!(defang(&safe), safe);
    }
}
