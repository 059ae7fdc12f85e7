//! What people write: posts, headlines, hashtags and names in six languages, made up but readable.
//!
//! A text is put together from a number, so it can be made again whenever it is needed and never has to
//! be kept. Places and people are invented from syllables; there are enough of them that two texts about
//! different things are seldom near-duplicates. The divisive issues are village quarrels on purpose: nobody
//! should find a real campaign, party or grievance in a test corpus.

mod ar;
mod de;
mod en;
mod es;
mod ru;
mod zh;

use core::fmt::Write as _;

use crate::random::Seq;

/// How one language sounds.
#[derive(Debug)]
pub(crate) struct Voice {
    /// The language's two-letter code.
    pub(crate) lang: &'static str,
    /// Whether words are parted by spaces.
    spaced: bool,
    /// Sentences; `{s}` is a subject, `{p}` and `{q}` places or people, `{n}` a number, `{w}` a moment.
    sentences: &'static [&'static str],
    /// What ends a post: mostly names and numbers, which no other post has.
    asides: &'static [&'static str],
    headlines: &'static [&'static str],
    subjects: &'static [&'static str],
    moments: &'static [&'static str],
    closers: &'static [&'static str],
    /// What a share button writes after the title; `{o}` is the outlet.
    shares: &'static [&'static str],
    /// Beginnings, middles and ends of names.
    names: [&'static [&'static str]; 3],
    tags: &'static [&'static str],
    /// Divisive issues: what it is about, and the hashtags of its two sides.
    issues: &'static [(&'static str, [&'static str; 2])],
}

const ALL: [&Voice; 6] = [&en::EN, &de::DE, &es::ES, &ru::RU, &ar::AR, &zh::ZH];

/// The languages that can be simulated.
pub const LANGS: [&str; 6] = ["en", "de", "es", "ru", "ar", "zh"];

/// The voice of a language.
pub(crate) fn voice(lang: &str) -> Option<&'static Voice> {
    ALL.into_iter().find(|voice| voice.lang == lang)
}

/// What a text is about, when several texts are about the same thing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum About {
    /// Whatever comes to mind.
    Anything,
    /// One event: texts share its subject and place.
    Event(u64),
    /// A divisive issue.
    Issue(usize),
}

impl Voice {
    /// Writes a post of three to five sentences. A few are a short phrase that many others write as well.
    pub(crate) fn post(&self, text: u64, about: About, out: &mut String) {
        let mut seq = Seq(text);
        if matches!(about, About::Anything) && seq.chance(0.03) {
            out.push_str(seq.of(self.closers));
            return;
        }
        self.fill(seq.of(self.sentences), about, &mut seq, out);
        if seq.chance(0.7) {
            self.gap(out);
            self.fill(seq.of(self.sentences), About::Anything, &mut seq, out);
        }
        self.asides(&mut seq, out);
        if seq.chance(0.3) {
            self.gap(out);
            out.push_str(seq.of(self.closers));
        }
    }

    /// Writes a sentence and who says so, as a comment or an answer has.
    pub(crate) fn remark(&self, text: u64, about: About, out: &mut String) {
        let mut seq = Seq(text);
        self.fill(seq.of(self.sentences), about, &mut seq, out);
        self.asides(&mut seq, out);
    }

    /// Writes the title of an article, between where and who it is from and what else it names.
    pub(crate) fn headline(&self, text: u64, about: About, out: &mut String) {
        let mut seq = Seq(text);
        self.name(&mut seq, out);
        self.gap(out);
        self.name(&mut seq, out);
        let _ = write!(out, "/{}: ", 1 + seq.below(999));
        self.fill(seq.of(self.headlines), about, &mut seq, out);
        out.push_str(" (");
        for _ in 0..3 {
            self.name(&mut seq, out);
            out.push(' ');
        }
        let _ = write!(out, "{})", 1 + seq.below(999));
    }

    /// Writes what a share button adds to a title.
    pub(crate) fn share(&self, outlet: &str, text: u64, out: &mut String) {
        self.gap(out);
        let (before, after) = split(Seq(text).of(self.shares), "{o}");
        out.push_str(before);
        out.push_str(outlet);
        out.push_str(after);
    }

    /// Writes a hashtag: one of the language's common ones, or one made from a name.
    pub(crate) fn tag(&self, tag: u64, out: &mut String) {
        let mut seq = Seq(tag);
        if seq.chance(0.4) {
            out.push_str(seq.of(self.tags));
        } else {
            self.name(&mut seq, out);
            if seq.chance(0.5) {
                let _ = write!(out, "{}", 20 + seq.below(9));
            }
        }
    }

    /// The hashtag of one side of an issue.
    pub(crate) fn issue_tag(&self, issue: usize, side: usize) -> &'static str {
        self.issues[issue % self.issues.len()].1[side % 2]
    }

    /// Adds a space where the language parts words with one.
    pub(crate) fn gap(&self, out: &mut String) {
        if self.spaced && !out.is_empty() {
            out.push(' ');
        }
    }

    /// Leaves out each word, or each sign where words are not parted, with the chance `drop`. At least one
    /// stays.
    pub(crate) fn mutate(&self, whole: &str, drop: f64, text: u64, out: &mut String) {
        let mut seq = Seq(text);
        let start = out.len();
        if self.spaced {
            for word in whole.split(' ') {
                if !seq.chance(drop) {
                    if out.len() > start {
                        out.push(' ');
                    }
                    out.push_str(word);
                }
            }
        } else {
            out.extend(whole.chars().filter(|_| !seq.chance(drop)));
        }
        if out.len() == start {
            out.push_str(whole);
        }
    }

    fn asides(&self, seq: &mut Seq, out: &mut String) {
        for _ in 0..2 {
            self.gap(out);
            self.fill(seq.of(self.asides), About::Anything, seq, out);
        }
    }

    fn fill(&self, frame: &str, about: About, seq: &mut Seq, out: &mut String) {
        let mut rest = frame;
        while let Some(at) = rest.find('{') {
            out.push_str(&rest[..at]);
            let hole = rest[at + 1..].chars().next();
            match (hole, about) {
                (Some('s'), About::Event(event)) => out.push_str(Seq(event).of(self.subjects)),
                (Some('s'), About::Issue(issue)) => {
                    out.push_str(self.issues[issue % self.issues.len()].0);
                }
                (Some('s'), About::Anything) => out.push_str(seq.of(self.subjects)),
                (Some('p'), About::Event(event)) => self.name(&mut Seq(event ^ 1), out),
                (Some('p' | 'q'), _) => self.name(seq, out),
                (Some('w'), _) => out.push_str(seq.of(self.moments)),
                _ => {
                    let _ = write!(out, "{}", 3 + seq.below(900));
                }
            }
            rest = rest.get(at + 3..).unwrap_or("");
        }
        out.push_str(rest);
    }

    fn name(&self, seq: &mut Seq, out: &mut String) {
        let [begin, middle, end] = self.names;
        out.push_str(seq.of(begin));
        if seq.chance(0.6) {
            out.push_str(seq.of(middle));
        }
        out.push_str(seq.of(end));
    }
}

/// Latin words for handles, domains and the readable part of a link, in any language.
pub(crate) fn slug(text: u64, words: u32, out: &mut String) {
    const BEGIN: [&str; 20] = [
        "bel", "cor", "dan", "el", "far", "gal", "hav", "il", "jor", "kal", "lum", "mar", "nor",
        "ost", "pel", "ran", "sol", "tar", "ul", "ver",
    ];
    const END: [&str; 20] = [
        "a", "ado", "aria", "bo", "den", "eda", "fin", "gen", "ia", "ko", "lan", "mi", "nes", "on",
        "pa", "ris", "sta", "to", "va", "wen",
    ];
    let mut seq = Seq(text);
    for word in 0..words {
        if word > 0 {
            out.push('-');
        }
        out.push_str(seq.of(&BEGIN));
        if seq.chance(0.4) {
            out.push_str(seq.of(&BEGIN));
        }
        out.push_str(seq.of(&END));
    }
}

fn split<'a>(frame: &'a str, hole: &str) -> (&'a str, &'a str) {
    frame.split_once(hole).unwrap_or((frame, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_filled() {
        for voice in ALL {
            assert_eq!(super::voice(voice.lang).map(|v| v.lang), Some(voice.lang));
            for text in 0..2000 {
                for about in [About::Anything, About::Event(text), About::Issue(3)] {
                    let mut out = String::new();
                    voice.post(text, about, &mut out);
                    voice.headline(text, about, &mut out);
                    voice.tag(text, &mut out);
                    voice.share("news.example", text, &mut out);
                    assert!(!out.contains(['{', '}']), "{out}");
                }
            }
        }
        assert!(voice("xx").is_none());
        assert_eq!(
            LANGS.to_vec(),
            ALL.iter().map(|voice| voice.lang).collect::<Vec<_>>()
        );
    }

    /// Unrelated texts must not look copied: of 125,000 pairs of posts, of answers, of headlines, none share
    /// six tenths of their words, short phrases apart.
    #[test]
    fn texts_are_seldom_alike() {
        use std::collections::{BTreeMap, BTreeSet};
        for voice in ALL {
            let write: [fn(&Voice, u64, &mut String); 3] = [
                |voice, text, out| voice.post(text, About::Anything, out),
                |voice, text, out| voice.remark(text, About::Anything, out),
                |voice, text, out| voice.headline(text, About::Anything, out),
            ];
            for (kind, write) in write.into_iter().enumerate() {
                let mut numbers = BTreeMap::new();
                let texts: Vec<BTreeSet<usize>> = (0..500u64)
                    .filter_map(|i| {
                        let mut out = String::new();
                        write(voice, crate::random::mix(i), &mut out);
                        let signs: Vec<char> = out.chars().collect();
                        let words: Vec<String> = if voice.spaced {
                            out.split(' ').map(str::to_owned).collect()
                        } else {
                            signs.windows(2).map(|pair| pair.iter().collect()).collect()
                        };
                        let mut number = |word| {
                            let next = numbers.len();
                            *numbers.entry(word).or_insert(next)
                        };
                        (words.len() > 5).then(|| words.into_iter().map(&mut number).collect())
                    })
                    .collect();
                let mut alike = 0;
                for (i, a) in texts.iter().enumerate() {
                    for b in &texts[..i] {
                        let both = a.intersection(b).count();
                        alike += usize::from(both * 10 >= (a.len() + b.len() - both) * 6);
                    }
                }
                println!(
                    "{} {kind}: {alike} pairs of {}",
                    voice.lang,
                    texts.len() * texts.len() / 2
                );
                assert!(alike == 0, "{} {kind}: {alike} pairs alike", voice.lang);
            }
        }
    }

    #[test]
    fn mutation_drops_words_but_not_all() {
        let voice = &en::EN;
        let mut out = String::new();
        voice.mutate("one two three four five six seven eight", 0.3, 5, &mut out);
        assert!(out.split(' ').count() < 8 && !out.is_empty(), "{out}");
        out.clear();
        voice.mutate("one two", 1.0, 5, &mut out);
        assert_eq!(out, "one two");
        out.clear();
        zh::ZH.mutate("一二三四五六七八九十", 0.3, 5, &mut out);
        assert!((1..10).contains(&out.chars().count()), "{out}");
    }
}
