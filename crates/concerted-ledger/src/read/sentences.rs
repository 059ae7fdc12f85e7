//! Words, quotations and the ends of sentences.

use super::lexicon::ENGLISH;
use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    /// A whole quotation, with its marks.
    Quote,
    Comma,
    /// `.`, `!`, `?`.
    Stop,
    Other,
}

/// A piece of the text, by its place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) range: Range<usize>,
}

/// The sentences of a text: of each paragraph in turn, its tokens.
pub(crate) fn paragraphs(text: &str) -> Vec<Vec<Vec<Token>>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        found.push(sentences(
            text,
            &tokens(text, at..at + line.trim_end().len()),
        ));
        at += line.len();
    }
    found
}

/// The words inside a quotation's marks.
pub(crate) fn inside(text: &str, quote: &Range<usize>) -> Range<usize> {
    let words = &text[quote.clone()];
    let open = words.chars().next().map_or(0, char::len_utf8);
    let close = words
        .chars()
        .next_back()
        .filter(|letter| matches!(letter, '”' | '"'))
        .map_or(0, char::len_utf8);
    let range = quote.start + open..(quote.end - close).max(quote.start + open);
    let kept = text[range.clone()].trim_end_matches(',');
    range.start..range.start + kept.len()
}

fn tokens(text: &str, range: Range<usize>) -> Vec<Token> {
    let mut found = Vec::new();
    let end = range.end;
    let mut at = range.start;
    while let Some(letter) = text[at..end].chars().next() {
        let size = letter.len_utf8();
        let (kind, to) = match letter {
            '“' => (Kind::Quote, closing(text, at + size..end, '”')),
            '"' => (Kind::Quote, closing(text, at + size..end, '"')),
            ',' => (Kind::Comma, at + size),
            '.' | '!' | '?' => (Kind::Stop, at + size),
            letter if letter.is_alphanumeric() => (Kind::Word, word_end(text, at..end)),
            _ => (Kind::Other, at + size),
        };
        if !letter.is_whitespace() {
            found.push(Token {
                kind,
                range: at..to,
            });
        }
        at = to.max(at + size);
    }
    found
}

/// Where a quotation ends; one that is not closed runs to the end of its paragraph, as is the custom.
fn closing(text: &str, range: Range<usize>, mark: char) -> usize {
    text[range.clone()]
        .find(mark)
        .map_or(range.end, |at| range.start + at + mark.len_utf8())
}

const SHORT: &[&str] = &[
    "mr", "mrs", "ms", "dr", "gen", "sen", "gov", "rep", "st", "prof", "u.s", "u.k", "u.n", "e.g",
    "i.e", "no", "vs", "jr", "sr", "col", "lt", "capt",
];

fn word_end(text: &str, range: Range<usize>) -> usize {
    let words = &text[range.clone()];
    let mut end = words.len();
    let mut letters = words.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter.is_alphanumeric() {
            continue;
        }
        let next = letters
            .peek()
            .is_some_and(|(_, next)| next.is_alphanumeric());
        match letter {
            '\'' | '’' | '-' | '.' if next => {}
            '.' => {
                let word = &words[..at];
                let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
                let short = initial || SHORT.contains(&word.to_lowercase().as_str());
                end = if short { at + 1 } else { at };
                break;
            }
            _ => {
                end = at;
                break;
            }
        }
    }
    range.start + end
}

/// Splits at stops, and after a quotation that ends in one where a new sentence begins.
fn sentences(text: &str, tokens: &[Token]) -> Vec<Vec<Token>> {
    let mut found = Vec::new();
    let mut sentence: Vec<Token> = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let words = &text[inside(text, &token.range)];
        let stopped = words.ends_with(['.', '!', '?']);
        let begins = tokens.get(place + 1).is_none_or(|next| {
            next.kind == Kind::Quote || text[next.range.clone()].starts_with(char::is_uppercase)
        });
        let quote = token.kind == Kind::Quote;
        // `“Where is it?” Amsel asked.` is one sentence.
        let asked = quote
            && words.ends_with(['!', '?'])
            && tokens[place + 1..]
                .iter()
                .take_while(|next| next.kind == Kind::Word)
                .take(5)
                .any(|next| {
                    ENGLISH
                        .verb(&text[next.range.clone()].to_lowercase())
                        .is_some()
                });
        let ends = begins && (token.kind == Kind::Stop || (quote && stopped && !asked));
        sentence.push(token.clone());
        if ends {
            found.push(std::mem::take(&mut sentence));
        }
    }
    if !sentence.is_empty() {
        found.push(sentence);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<String> {
        paragraphs(text)
            .concat()
            .iter()
            .map(|sentence| {
                text[sentence[0].range.start..sentence[sentence.len() - 1].range.end].to_owned()
            })
            .collect()
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        assert_eq!(
            split(
                "Mr. A. Bee of the U.S. said so. “We go. Now.” “I stay,” said Dr. Cee. It is 3.5 km."
            ),
            [
                "Mr. A. Bee of the U.S. said so.",
                "“We go. Now.”",
                "“I stay,” said Dr. Cee.",
                "It is 3.5 km."
            ]
        );
        assert_eq!(
            split("“An open quotation. It runs on\nNext"),
            ["“An open quotation. It runs on", "Next"]
        );
        let text = "\"Yes,\" she said";
        assert_eq!(&text[inside(text, &(0..6))], "Yes");
    }
}
