//! What remains of a post when its words are compared: *are these two posts the same text?*
//!
//! Copies of one message differ in what costs nothing to change: capitals, links with tracking,
//! whom it is addressed to, punctuation, emoji, invisible characters. [`normal_text`] takes these
//! away and keeps the words of any script. What is kept and dropped, and why, stands in
//! `docs/methods/text.md`.

use super::grams::breadth;
use super::waves::waves;
use crate::columns::{Names, Strings, hash};
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Writes into `normal` what remains of a post for comparison: its words, lower case, in
/// compatibility form (NFKC), one space between them.
///
/// Left out are links, mentions, a leading `RT @name:`, punctuation, the signs of hashtags (their
/// words stay), emoji (unless there is nothing else), invisible and direction characters, Arabic
/// vowel signs and tatweel; HTML entities are decoded first. Accents stay.
///
/// ```
/// use concerted_engine::normalize::text::normal_text;
///
/// let mut normal = String::new();
/// normal_text("RT @desk: BREAKING &amp; sad 😢 — #Wahl2021, überall! https://t.co/x1", &mut normal);
/// assert_eq!(normal, "breaking sad wahl2021 überall");
/// ```
pub fn normal_text(post: &str, normal: &mut String) {
    normal.clear();
    if post.is_ascii() && !post.contains('&') {
        keep_words(post, Keep::Words, normal);
        return;
    }
    let folded = fold(&decode_entities(post));
    keep_words(&folded, Keep::Words, normal);
    if normal.is_empty() {
        keep_words(&folded, Keep::Emoji, normal);
    }
}

/// The normal text of every post, in the same order; on all threads.
pub fn normal_texts(posts: &Strings) -> Strings {
    let mut column = Strings::default();
    let make = |range| some_normal_texts(range, &|row| posts.get(row)).0;
    waves(posts.len(), STRETCH, make, |_, texts| column.append(&texts));
    column
}

/// The distinct normal texts of so many posts, and the number of each post's; on all threads, and
/// without keeping any text twice.
pub(super) fn distinct_normal_texts<'a>(
    count: usize,
    post: impl Fn(usize) -> &'a str + Sync,
) -> (Names, Vec<u32>) {
    let (mut distinct, mut of) = (Names::default(), Vec::with_capacity(count));
    let make = |range| some_normal_texts(range, &post);
    waves(count, STRETCH, make, |_, (texts, hashes)| {
        let numbers = texts.iter().zip(hashes);
        of.extend(numbers.map(|(text, hash)| distinct.code_hashed(text, hash)));
    });
    (distinct, of)
}

/// How many posts a thread takes at a time.
const STRETCH: usize = 8_192;

/// Normal texts and their hashes.
fn some_normal_texts<'a>(
    rows: std::ops::Range<usize>,
    post: &impl Fn(usize) -> &'a str,
) -> (Strings, Vec<u32>) {
    let (mut normal, mut texts, mut hashes) = (String::new(), Strings::default(), Vec::new());
    for row in rows {
        normal_text(post(row), &mut normal);
        texts.push(&normal);
        hashes.push(hash(&normal));
    }
    (texts, hashes)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Words,
    Emoji,
}

/// Walks over a folded text and keeps its words (or its emoji) with one space between runs.
fn keep_words(text: &str, keep: Keep, out: &mut String) {
    let bytes = text.as_bytes();
    let mut at = after_repost_mark(text);
    let mut gap = false;
    let mut after_word = false;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() {
            if let Some(end) = link_end(text, at, after_word) {
                at = end;
                (gap, after_word) = (true, false);
                continue;
            }
            let run = at;
            at += 1;
            while at < bytes.len() && bytes[at].is_ascii_alphanumeric() && !may_link(bytes, at) {
                at += 1;
            }
            if keep == Keep::Words {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                let start = out.len();
                out.push_str(&text[run..at]);
                out[start..].make_ascii_lowercase();
            }
            after_word = true;
        } else if byte == b'@' && !after_word {
            at = mention_end(text, at);
            gap = true;
        } else if byte == b' ' {
            (gap, after_word) = (true, false);
            at += 1;
        } else if byte == b'\'' || is_unseen(byte as char) {
            // "don't" and "dont" are one word.
            at += 1;
        } else if byte.is_ascii() {
            (gap, after_word) = (true, false);
            at += 1;
        } else {
            let char = char_at(text, at);
            at += char.len_utf8();
            let kept = match keep {
                Keep::Words => is_word(char),
                Keep::Emoji => is_emoji(char),
            };
            if !kept {
                (gap, after_word) = (true, false);
            } else if is_stacked_mark(char) && out.chars().next_back().is_some_and(is_stacked_mark)
            {
                // Marks heaped on a letter are ornament; the first one may be an accent.
            } else {
                push(out, &mut gap, char);
                after_word = true;
            }
        }
    }
}

fn push(out: &mut String, gap: &mut bool, char: char) {
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push(char);
}

fn char_at(text: &str, at: usize) -> char {
    text[at..]
        .chars()
        .next()
        .expect("the position is the start of a character inside the text")
}

/// Where the text begins behind `RT @name:`, which may stand several times.
fn after_repost_mark(text: &str) -> usize {
    let mut start = 0;
    loop {
        let rest = text[start..].trim_start();
        let Some(mark) = rest
            .get(..2)
            .filter(|mark| mark.eq_ignore_ascii_case("rt"))
            .map(|_| rest[2..].trim_start())
        else {
            return start;
        };
        if !mark.starts_with('@') {
            return start;
        }
        let behind = text.len() - mark.len();
        let end = mention_end(text, behind);
        if end == behind + 1 {
            return start;
        }
        start = text.len() - text[end..].trim_start_matches([':', ' ']).len();
    }
}

/// End of the mention that begins with the `@` at this position; only the sign if no name follows.
/// Names may hold dots and a server (`@name.bsky.social`, `@name@server.tld`).
fn mention_end(text: &str, at: usize) -> usize {
    let mut end = at + 1;
    let mut chars = text[end..].char_indices().peekable();
    while let Some((offset, char)) = chars.next() {
        let inner = matches!(char, '.' | '@' | '-')
            && offset > 0
            && chars
                .peek()
                .is_some_and(|&(_, next)| next.is_alphanumeric());
        if !(char == '_' || is_word(char) || inner) {
            break;
        }
        end = at + 1 + offset + char.len_utf8();
    }
    end
}

/// End of the link that begins at this position, if one does. A link ends before white space,
/// quotes, and characters of scripts written without spaces, which often follow without one.
fn link_end(text: &str, at: usize, after_word: bool) -> Option<usize> {
    if !may_link(text.as_bytes(), at) {
        return None;
    }
    let rest = &text.as_bytes()[at..];
    let starts = |prefix: &str| {
        rest.len() > prefix.len() && rest[..prefix.len()].eq_ignore_ascii_case(prefix.as_bytes())
    };
    let is_link = starts("http://")
        || starts("https://")
        || !after_word
            && ["www.", "t.co/", "pic.twitter.com/"]
                .into_iter()
                .any(starts);
    is_link.then(|| {
        text[at..]
            .char_indices()
            .find(|&(_, char)| {
                char.is_whitespace() || matches!(char, '<' | '>' | '"') || breadth(char) < 5
            })
            .map_or(text.len(), |(offset, _)| at + offset)
    })
}

/// Whether a link may begin here: the first two letters of those that [`link_end`] knows.
#[inline]
fn may_link(bytes: &[u8], at: usize) -> bool {
    let second = match bytes[at] | 0x20 {
        b'h' => b't',
        b'w' => b'w',
        b't' => b'.',
        b'p' => b'i',
        _ => return false,
    };
    bytes
        .get(at + 1)
        .is_some_and(|byte| byte.to_ascii_lowercase() == second)
}

/// Letters, digits and the marks that belong to them, of any script.
fn is_word(char: char) -> bool {
    !is_emoji(char) && (char.is_alphanumeric() || is_combining_mark(char))
}

/// Pictographs by block; skin tones and joiners are gone by then or do not count.
fn is_emoji(char: char) -> bool {
    matches!(char, '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1f3fa}' | '\u{1f400}'..='\u{1faff}')
}

fn is_stacked_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Characters that are not seen, or in Arabic not usually written.
fn is_unseen(char: char) -> bool {
    matches!(char,
        '\0'..='\u{8}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0000}'..='\u{e0fff}'
        // Tatweel, harakat, Koranic signs.
        | '\u{640}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}'
        | '\u{6ea}'..='\u{6ed}')
}

/// Compatibility form, case folded, unseen characters gone, all apostrophes one.
///
/// Runs of ASCII are copied: they are their own normal form, and nothing composes across them except
/// with their last character, which is therefore handed to the run behind it.
fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let ascii = bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii())
            .count();
        let behind = at + ascii;
        let other = bytes[behind..]
            .iter()
            .take_while(|byte| !byte.is_ascii())
            .count();
        let copied = if other > 0 {
            behind.max(at + 1) - 1
        } else {
            behind
        };
        let copied = copied.max(at);
        for char in text[at..copied].chars() {
            fold_char(char, &mut out);
        }
        let end = behind + other;
        let run = &text[copied..end];
        if is_nfkc_quick(run.chars()) == IsNormalized::Yes {
            run.chars().for_each(|char| fold_char(char, &mut out));
        } else {
            // Unseen characters go first, since they keep a letter and its accent apart.
            let seen = run.chars().filter(|&char| !is_unseen(char));
            seen.nfkc().for_each(|char| fold_char(char, &mut out));
        }
        at = end;
    }
    out
}

fn fold_char(char: char, out: &mut String) {
    match char {
        _ if char.is_ascii() && !char.is_ascii_control() => out.push(char.to_ascii_lowercase()),
        '\u{2018}' | '\u{2019}' | '\u{2bc}' | '\u{b4}' => out.push('\''),
        'ß' | 'ẞ' => out.push_str("ss"),
        'ς' => out.push('σ'),
        _ if is_unseen(char) => {}
        _ => out.extend(char.to_lowercase()),
    }
}

/// Decodes the entities that exports of posts contain, also where they were escaped twice.
fn decode_entities(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains('&') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        while let Some(again) = rest.strip_prefix("amp;") {
            rest = again;
        }
        // Entities are short: a semicolon farther off belongs to something else.
        let end = rest.bytes().take(10).position(|byte| byte == b';');
        if let Some((end, char)) = end.and_then(|end| Some((end, entity(&rest[..end])?))) {
            out.push(char);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
    out.into()
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "quot" | "ldquo" | "rdquo" | "laquo" | "raquo" => '"',
        "apos" | "lsquo" | "rsquo" => '\'',
        "nbsp" | "hellip" | "ndash" | "mdash" | "bull" | "middot" => ' ',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(post: &str) -> String {
        let mut out = String::from("left over");
        normal_text(post, &mut out);
        out
    }

    #[test]
    fn what_costs_nothing_to_change_is_gone() {
        for (post, expect) in [
            ("", ""),
            ("Hello,   WORLD!!", "hello world"),
            ("don't — don’t dont", "dont dont dont"),
            ("RT @a_b: rt @c: Go vote", "go vote"),
            ("RT @中文名: 你好", "你好"),
            ("RT this please", "rt this please"),
            (".@name and @x.bsky.social, @y@server.org ok", "and ok"),
            ("mail me@home.org", "mail me home org"),
            ("see http://a.b/c?d=e#f now", "see now"),
            ("seehttps://t.co/x www.site.org t.co/abc end", "see end"),
            ("看这里https://t.co/abc很好", "看这里 很好"),
            ("at.co/x is no short link", "at co x is no short link"),
            ("#Stop_The #steal", "stop the steal"),
            (
                "A &amp; B &amp;lt;3 &#39;x&#39; &#x1F600; AT&T &;",
                "a b 3 x at t",
            ),
            ("Straße STRASSE ΟΔΟΣ οδος", "strasse strasse οδοσ οδοσ"),
            ("e\u{301}tude \u{ff28}\u{ff29} 𝗕𝗼𝗹𝗱", "étude hi bold"),
            ("z\u{301}\u{302}\u{303}\u{304}algo", "ź\u{302}algo"),
            ("in\u{200b}vis\u{ad}ible \u{202e}x", "invisible x"),
            ("a\u{200d}\u{301}", "á"),
            ("line\r\nbreak\tand\u{a0}space", "line break and space"),
        ] {
            assert_eq!(normal(post), expect, "{post:?}");
        }
    }

    #[test]
    fn words_of_any_script_stay_whole() {
        for (post, expect) in [
            ("مـــرحبًا بِالعَالَم", "مرحبا بالعالم"),
            ("สวัสดีครับ ที่นี่!", "สวัสดีครับ ที่นี่"),
            ("नमस्ते, दुनिया।", "नमस्ते दुनिया"),
            ("我们，要投票！", "我们 要投票"),
            ("Привет МИР", "привет мир"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("한국어 선거", "한국어 선거"),
        ] {
            assert_eq!(normal(post), expect, "{post:?}");
        }
    }

    #[test]
    fn emoji_stay_only_where_there_is_nothing_else() {
        assert_eq!(normal("Vote 🗳️ now 👍🏽"), "vote now");
        assert_eq!(normal("👍🏽👍 ❤️ @x https://a.b/c"), "👍👍 ❤");
        assert_eq!(normal("🇩🇪"), "🇩🇪");
        assert_eq!(normal("!!! …"), "");
    }

    #[test]
    fn the_normal_text_is_its_own_normal_text() {
        for post in [
            "RT @a: Große WAHL &amp; so 😀 don’t https://x.y",
            "สวัสดี 你好 مرحبا İstanbul ŉ ﬁn ½ ™ 🅰",
            "🔥🔥 🔥",
        ] {
            let once = normal(post);
            assert_eq!(normal(&once), once);
        }
    }

    #[test]
    fn a_column_is_normalised_cell_by_cell_in_order() {
        let posts: Strings = (0..20_000).map(|i| format!("Post No. {i}!")).collect();
        let normal = normal_texts(&posts);
        assert_eq!(normal.len(), posts.len());
        assert_eq!(normal.get(12_345), "post no 12345");
    }
}
