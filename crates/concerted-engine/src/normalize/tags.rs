//! Which links, hashtags and accounts does a text name?
//!
//! For sources that hand over nothing but the text. What counts as a letter is decided by Unicode and
//! not by a list of scripts: a tag is letters, marks, digits and underscores, with the joiners that
//! Persian, Indic and Hebrew words need inside (after UAX 31, hashtag identifiers). A bare
//! `example.org` is no link, because a full stop without a space behind it looks the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The links of a text as written, in order: what starts with `http://`, `https://`, their defanged forms,
/// or `www.`. Punctuation behind a link and brackets that it does not open are left out. A link cut off
/// by `…` keeps that sign, so that [`canonical`](super::url::canonical) can refuse it.
pub fn links_in(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, end) = next_link(text, at)?;
        at = end;
        Some(&text[start..end])
    })
}

/// The hashtags of a text without the sign, in order. There is none inside a link, and none without a
/// letter: `#1` is a number.
pub fn hashtags_in(text: &str) -> impl Iterator<Item = &str> {
    signed(text, is_hash, |tag| {
        let end = word_end(tag);
        // An emoji made of `#` and marks, or a rank, is no tag.
        let starts = tag.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (starts && tag[..end].contains(char::is_alphabetic)).then_some(end)
    })
}

/// The accounts that a text mentions, without the sign, in order: `@name`, `@name.example` and
/// `@name@example.org`. The local part of a mail address is none.
pub fn mentions_in(text: &str) -> impl Iterator<Item = &str> {
    signed(text, is_at, |name| {
        let end = handle_end(name);
        if end == 0 {
            return None;
        }
        let server = name[end..].strip_prefix('@').map_or(0, handle_end);
        let has_server = server > 0 && name[end + 1..end + 1 + server].contains('.');
        Some(if has_server { end + 1 + server } else { end })
    })
}

/// The form of a hashtag in which case, width and composition do not count: without the sign, NFKC,
/// case folded, without invisible joiners. Dotless `ı` folds with `i`, as tags in capitals need.
///
/// ```
/// use concerted_engine::normalize::tags::tag_key;
/// assert_eq!(tag_key("＃ＭＡＧＡ"), tag_key("#maga"));
/// assert_eq!(tag_key("Straße"), "strasse");
/// ```
pub fn tag_key(tag: &str) -> String {
    let word = tag.trim().trim_start_matches(|c| is_hash(c) || is_at(c));
    if word
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return word.to_ascii_lowercase();
    }
    // The upper case joins what lower case keeps apart (ß and ss, both sigmas). It can undo
    // composition, and composing can yield letters with a case, hence the second round.
    let mut key = word.to_owned();
    for _ in 0..2 {
        key = key
            .nfkc()
            .filter(|&c| !is_invisible(c))
            .flat_map(char::to_uppercase)
            .flat_map(char::to_lowercase)
            .nfkc()
            .collect();
    }
    key
}

/// What follows a sign, wherever `length` says that something does, outside links and words.
fn signed(
    text: &str,
    is_sign: impl Fn(char) -> bool,
    length: impl Fn(&str) -> Option<usize>,
) -> impl Iterator<Item = &str> {
    let mut at = 0;
    // Most texts hold no sign, and then it does not matter where their links are.
    let mut link = text
        .contains(&is_sign)
        .then(|| next_link(text, 0))
        .flatten();
    std::iter::from_fn(move || {
        loop {
            let (offset, sign) = text[at..].char_indices().find(|&(_, c)| is_sign(c))?;
            let sign_at = at + offset;
            while let Some((_, end)) = link.filter(|&(_, end)| end <= sign_at) {
                link = next_link(text, end);
            }
            if let Some((_, end)) = link.filter(|&(start, _)| start <= sign_at) {
                at = end;
                continue;
            }
            let start = sign_at + sign.len_utf8();
            at = start;
            let before = text[..sign_at].chars().next_back();
            let glued = before
                .is_some_and(|c| is_word(c) || matches!(c, '&' | '/' | '@' | '＠' | '#' | '＃'));
            if !glued && let Some(end) = length(&text[start..]) {
                at = start + end;
                return Some(&text[start..at]);
            }
        }
    })
}

fn is_hash(c: char) -> bool {
    matches!(c, '#' | '＃')
}

fn is_at(c: char) -> bool {
    matches!(c, '@' | '＠')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric() || is_combining_mark(c)
}

/// Signs that belong to a word only between two of its letters: joiners, the Catalan and the Japanese
/// middle dot, Hebrew geresh and gershayim, Tibetan tsheg.
fn joins(c: char) -> bool {
    matches!(
        c,
        '\u{200c}' | '\u{200d}' | '\u{b7}' | '\u{30fb}' | '\u{5f3}' | '\u{5f4}' | '\u{f0b}'
    )
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn word_end(text: &str) -> usize {
    run_end(text, joins)
}

/// A handle may hold full stops (`name.bsky.social`), and hyphens where it is a host.
fn handle_end(text: &str) -> usize {
    let end = run_end(text, |c| matches!(c, '.' | '-'));
    let handle = &text[..end];
    match handle.find('-') {
        Some(hyphen) if !handle.contains('.') => hyphen,
        _ => end,
    }
}

/// The end of a run of word characters, with `inner` ones only where the word goes on behind them.
fn run_end(text: &str, inner: impl Fn(char) -> bool) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let goes_on = end > 0 && inner(c) && chars.peek().is_some_and(|&(_, next)| is_word(next));
        if !is_word(c) && !goes_on {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Where the next link at or after `from` starts and ends.
fn next_link(text: &str, from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    loop {
        let (start, prefix) = next_start(text, at)?;
        let end = link_end(text, start, prefix);
        if text[start + prefix..end].contains(char::is_alphanumeric) {
            return Some((start, end));
        }
        at = start + prefix;
    }
}

/// Where the next link starts, and how long its `https://` or `www.` is.
fn next_start(text: &str, from: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    (from..bytes.len()).find_map(|at| {
        let rest = &bytes[at..];
        let starts = |prefix: &str| {
            rest.get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        let prefix = match bytes[at] {
            b'h' | b'H' => ["http://", "https://", "hxxp://", "hxxps://"]
                .into_iter()
                .find(|prefix| starts(prefix))?,
            b'w' | b'W' => Some("www.").filter(|prefix| {
                let before = text[..at].chars().next_back();
                starts(prefix) && !before.is_some_and(|c| is_word(c) || ".-/@".contains(c))
            })?,
            _ => return None,
        };
        Some((at, prefix.len()))
    })
}

fn link_end(text: &str, start: usize, prefix: usize) -> usize {
    let body = &text[start + prefix..];
    let length = body.find(ends_link).unwrap_or(body.len());
    let mut link = &text[start..start + prefix + length];
    // Two links without a blank between them are common in posts cut together by programs.
    if let Some((next, _)) = next_start(link, prefix) {
        let before = link[..next].chars().next_back();
        if before.is_some_and(char::is_alphanumeric) {
            link = &link[..next];
        }
    }
    while let Some(last) = link.chars().next_back().filter(|_| link.len() > prefix) {
        let drop = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '~' | '|' => true,
            ')' => unbalanced(link, '(', ')'),
            ']' => unbalanced(link, '[', ']'),
            '}' => unbalanced(link, '{', '}'),
            _ => false,
        };
        if !drop {
            break;
        }
        link = &link[..link.len() - last.len_utf8()];
    }
    start + link.len()
}

fn unbalanced(link: &str, open: char, close: char) -> bool {
    link.matches(close).count() > link.matches(open).count()
}

/// Blanks, quotes and the punctuation of East Asian scripts, which no link holds unencoded.
fn ends_link(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || is_invisible(c)
        || matches!(c, '<' | '>' | '"' | '`' | '«' | '»' | '‘'..='‟' | '、'..='】' | '！' | '（' | '）' | '，' | '：' | '；' | '？' | '｜' | '،' | '؟')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all<'t>(items: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
        items.collect()
    }

    #[test]
    fn links_end_where_a_reader_would_end_them() {
        for (text, expected) in [
            ("see https://t.co/abc.", &["https://t.co/abc"][..]),
            ("(https://a.org/x_(y))", &["https://a.org/x_(y)"]),
            ("[https://a.org/x]!", &["https://a.org/x"]),
            ("WWW.a.org, xwww.b.org", &["WWW.a.org"]),
            ("example.org is bare", &[]),
            (
                "https://t.co/ahttps://t.co/b",
                &["https://t.co/a", "https://t.co/b"],
            ),
            (
                "https://web.archive.org/web/2020/https://a.org/",
                &["https://web.archive.org/web/2020/https://a.org/"],
            ),
            ("cut https://t.co/ab…", &["https://t.co/ab…"]),
            (
                "“https://a.org” «https://b.org»",
                &["https://a.org", "https://b.org"],
            ),
            ("見て（https://a.org/日本）。", &["https://a.org/日本"]),
            ("hxxps://evil[.]example/x", &["hxxps://evil[.]example/x"]),
            ("http:// https://. www.", &[]),
            (
                "https://ru.wikipedia.org/wiki/Выборы!",
                &["https://ru.wikipedia.org/wiki/Выборы"],
            ),
        ] {
            assert_eq!(all(links_in(text)), expected, "{text}");
        }
    }

    #[test]
    fn hashtags_in_several_scripts() {
        for (text, expected) in [
            ("#BTW17 and #maga!", &["BTW17", "maga"][..]),
            ("#выборы2024, #ΟΔΟΣ", &["выборы2024", "ΟΔΟΣ"]),
            ("＃選挙 は #統一地方選・東京", &["選挙", "統一地方選・東京"]),
            ("#हिन्दी #தமிழ் #ไทยเด็ก", &["हिन्दी", "தமிழ்", "ไทยเด็ก"]),
            (
                "#انتخابات #می\u{200c}خواهم",
                &["انتخابات", "می\u{200c}خواهم"],
            ),
            ("#צה״ל.", &["צה״ל"]),
            ("#선거 #a_b-c", &["선거", "a_b"]),
            ("#1 #2024 &#39; a#b #️⃣ ##c #", &[]),
            ("https://a.org/#top #real www.b.org/#x", &["real"]),
            ("#cafe\u{301}#next", &["cafe\u{301}"]),
            ("(#one)#two", &["one", "two"]),
        ] {
            assert_eq!(all(hashtags_in(text)), expected, "{text}");
        }
    }

    #[test]
    fn mentions_but_no_mail() {
        for (text, expected) in [
            ("RT @Ann_1: hi", &["Ann_1"][..]),
            ("desk@example.org @b.", &["b"]),
            (
                "@ann.bsky.social's, @x@chat.example.org",
                &["ann.bsky.social", "x@chat.example.org"],
            ),
            ("@ann-bob @my-desk.org", &["ann", "my-desk.org"]),
            ("＠山田 https://medium.com/@writer/a .@c", &["山田", "c"]),
            ("@ @@d", &[]),
        ] {
            assert_eq!(all(mentions_in(text)), expected, "{text}");
        }
    }

    #[test]
    fn keys_join_what_readers_take_for_one_tag() {
        for (tag, key) in [
            ("#MAGA", "maga"),
            ("ＢＴＷ１７", "btw17"),
            ("#Straße", "strasse"),
            ("#ΟΔΟΣ", "οδοσ"),
            ("#οδος", "οδοσ"),
            ("#Выборы", "выборы"),
            ("#cafe\u{301}", "café"),
            ("#می\u{200c}خواهم", "میخواهم"),
            ("#ｶﾞ", "ガ"),
            ("#ISTANBUL", "istanbul"),
            ("#ıstanbul", "istanbul"),
            ("@Ann", "ann"),
            ("#", ""),
        ] {
            assert_eq!(tag_key(tag), key, "{tag}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_keys_stay(text in "\\PC{0,60}") {
            for tag in hashtags_in(&text) {
                prop_assert!(tag.contains(char::is_alphabetic));
                let key = tag_key(tag);
                prop_assert_eq!(tag_key(&key), key);
            }
            for link in links_in(&text) {
                prop_assert!(text.contains(link));
            }
            prop_assert!(mentions_in(&text).all(|name| !name.is_empty()));
        }

        #[test]
        fn a_tag_is_found_whatever_stands_around(
            before in "[ .,!(]{0,3}", word in "[a-zа-яぁ-ん]{1,9}", after in "([ .,!)].{0,9})?"
        ) {
            let text = format!("{before}#{word}{after}");
            prop_assert_eq!(hashtags_in(&text).next(), Some(word.as_str()));
        }
    }
}
