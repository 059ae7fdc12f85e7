//! In which words do two texts differ? For a reader who is shown two posts said to be the same text.

use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Whether a stretch stands in both texts or in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// The same words in both.
    Same,
    /// Words of the first text only.
    OnlyFirst,
    /// Words of the second text only.
    OnlySecond,
}

/// A stretch of words, as byte ranges of the two texts; empty in the one that lacks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it stands.
    pub mark: Mark,
    /// Its range in the first text.
    pub first: Range<usize>,
    /// Its range in the second text.
    pub second: Range<usize>,
}

/// Compares words (Unicode word boundaries, so that a Han character is a word) by a longest common
/// subsequence. Of an exchanged stretch what only the first text has is given before what only the
/// second has. White space is not compared. The middle of two very long texts that differ in
/// more than about two thousand words each is given as exchanged altogether.
///
/// ```
/// use concerted_engine::normalize::differences::{differences, Mark};
///
/// let (a, b) = ("Go and vote on Sunday!", "Go vote on Monday!");
/// let marks: Vec<(Mark, &str)> = differences(a, b)
///     .into_iter()
///     .map(|span| match span.mark {
///         Mark::OnlySecond => (span.mark, &b[span.second]),
///         _ => (span.mark, &a[span.first]),
///     })
///     .collect();
/// assert_eq!(marks, [
///     (Mark::Same, "Go"),
///     (Mark::OnlyFirst, "and"),
///     (Mark::Same, "vote on"),
///     (Mark::OnlyFirst, "Sunday"),
///     (Mark::OnlySecond, "Monday"),
///     (Mark::Same, "!"),
/// ]);
/// ```
pub fn differences(first: &str, second: &str) -> Vec<Span> {
    let (a, b) = (words(first), words(second));
    let mut spans = Spans::default();
    let start = common(a.iter().zip(&b));
    let (mid_a, mid_b) = (&a[start..], &b[start..]);
    let end = common(mid_a.iter().rev().zip(mid_b.iter().rev()));
    let (mid_a, mid_b) = (&mid_a[..mid_a.len() - end], &mid_b[..mid_b.len() - end]);

    spans.same(&a[..start], &b[..start]);
    spans.middle(mid_a, mid_b);
    spans.same(&a[a.len() - end..], &b[b.len() - end..]);
    spans.found
}

/// Cells of the table beyond which the middle is not aligned: four million.
const CELLS: usize = 1 << 22;

type Word<'a> = (usize, &'a str);

fn words(text: &str) -> Vec<Word<'_>> {
    text.split_word_bound_indices()
        .filter(|(_, word)| !word.trim().is_empty())
        .collect()
}

fn common<'a>(pairs: impl Iterator<Item = (&'a Word<'a>, &'a Word<'a>)>) -> usize {
    pairs.take_while(|(a, b)| a.1 == b.1).count()
}

#[derive(Default)]
struct Spans {
    found: Vec<Span>,
    /// How far the texts are told.
    first: usize,
    second: usize,
}

impl Spans {
    fn same(&mut self, a: &[Word], b: &[Word]) {
        self.add(Mark::Same, a, b);
    }

    fn add(&mut self, mark: Mark, a: &[Word], b: &[Word]) {
        let range = |words: &[Word], told: &mut usize| match (words.first(), words.last()) {
            (Some(first), Some(last)) => {
                *told = last.0 + last.1.len();
                first.0..*told
            }
            _ => *told..*told,
        };
        if a.is_empty() && b.is_empty() {
            return;
        }
        let first = range(a, &mut self.first);
        let second = range(b, &mut self.second);
        match self.found.last_mut() {
            Some(last) if last.mark == mark => {
                last.first.end = first.end;
                last.second.end = second.end;
            }
            _ => self.found.push(Span {
                mark,
                first,
                second,
            }),
        }
    }

    fn middle(&mut self, a: &[Word], b: &[Word]) {
        if a.len().saturating_mul(b.len()) > CELLS {
            self.add(Mark::OnlyFirst, a, &[]);
            self.add(Mark::OnlySecond, &[], b);
            return;
        }
        // Cell (i, j): how long the longest common subsequence of a[i..] and b[j..] is.
        let width = b.len() + 1;
        let mut longest = vec![0_u32; (a.len() + 1) * width];
        for i in (0..a.len()).rev() {
            for j in (0..b.len()).rev() {
                longest[i * width + j] = if a[i].1 == b[j].1 {
                    longest[(i + 1) * width + j + 1] + 1
                } else {
                    longest[(i + 1) * width + j].max(longest[i * width + j + 1])
                };
            }
        }
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            if i < a.len() && j < b.len() && a[i].1 == b[j].1 {
                self.same(&a[i..=i], &b[j..=j]);
                (i, j) = (i + 1, j + 1);
            } else if j == b.len()
                || i < a.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1]
            {
                self.add(Mark::OnlyFirst, &a[i..=i], &[]);
                i += 1;
            } else {
                self.add(Mark::OnlySecond, &[], &b[j..=j]);
                j += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `=same -first +second`
    fn shown(a: &str, b: &str) -> String {
        let spans = differences(a, b);
        let show = |span: &Span| match span.mark {
            Mark::Same => format!("={}", &a[span.first.clone()]),
            Mark::OnlyFirst => format!("-{}", &a[span.first.clone()]),
            Mark::OnlySecond => format!("+{}", &b[span.second.clone()]),
        };
        spans.iter().map(show).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn words_dropped_added_and_exchanged_are_marked() {
        for (a, b, expect) in [
            ("", "", ""),
            ("a b", "", "-a b"),
            ("", "a b", "+a b"),
            ("a b c", "a b c", "=a b c"),
            ("a  b", "a b", "=a  b"),
            ("a b c d e", "b c x e f", "-a|=b c|-d|+x|=e|+f"),
            ("我们要投票", "我们投票了", "=我们|-要|=投票|+了"),
            ("vote 🗳️ now", "vote now 🔥", "=vote|-🗳️|=now|+🔥"),
            ("اذهب الآن وصوت", "اذهب وصوت", "=اذهب|-الآن|=وصوت"),
        ] {
            assert_eq!(shown(a, b), expect);
        }
    }

    #[test]
    fn both_texts_can_be_read_back_from_the_spans() {
        let a = "the quick brown fox jumps over the lazy dog and the cat";
        let b = "quick the brown dog jumps over a lazy cat and the dog again";
        for (a, b) in [(a, b), (b, a)] {
            let spans = differences(a, b);
            let read = |text: &str, range: fn(&Span) -> Range<usize>| {
                let parts = spans.iter().map(|span| text[range(span)].trim());
                let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
                parts.join(" ")
            };
            assert_eq!(read(a, |span| span.first.clone()), a);
            assert_eq!(read(b, |span| span.second.clone()), b);
        }
    }

    #[test]
    fn two_long_unlike_texts_are_told_at_once() {
        let a = "a ".repeat(100_000);
        let b = "b ".repeat(100_000);
        assert_eq!(differences(&a, &b).len(), 2);
    }
}
