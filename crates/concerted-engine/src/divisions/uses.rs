//! Who used which item in which post? The posts of one language on one platform, read for one kind of item.
//!
//! Languages and platforms are held apart: mixed, the leading axis is one sub-community and the language
//! hides on the third.

use super::matrix::number;
use crate::columns::Names;
use crate::normalize::{Understood, tags};
use unicode_segmentation::UnicodeSegmentation as _;

/// What kind of thing an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An account whose post was passed on.
    RepostedAccount,
    /// A hashtag.
    Hashtag,
    /// A word of at least three letters.
    Word,
    /// The registrable domain of a link.
    Domain,
    /// A text with its near-duplicates.
    Text,
    /// One to three words in a row.
    Phrase,
}

impl Kind {
    /// The kinds on which camps are sought, in this order.
    pub const CHANNELS: [Self; 4] = [
        Self::RepostedAccount,
        Self::Hashtag,
        Self::Word,
        Self::Domain,
    ];
    /// The kinds among which issues are sought.
    pub const ISSUES: [Self; 4] = [Self::Hashtag, Self::Domain, Self::Text, Self::Phrase];

    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::RepostedAccount => "reposted account",
            Self::Hashtag => "hashtag",
            Self::Word => "word",
            Self::Domain => "domain",
            Self::Text => "text",
            Self::Phrase => "phrase",
        }
    }

    /// Fewest accounts of an item of this kind. Words are many and cheap.
    pub(super) fn least_accounts(self) -> u32 {
        match self {
            Self::Word | Self::Phrase => 10,
            _ => 5,
        }
    }
}

/// An account used an item in a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Use {
    /// A number among the items.
    pub item: u32,
    /// A number among the accounts of the corpus.
    pub account: u32,
    /// A number among the posts of the corpus.
    pub post: u32,
}

/// All uses of one kind of item.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    /// What the items are called.
    pub names: Vec<String>,
    /// The uses by item, account, post; each once.
    pub uses: Vec<Use>,
    starts: Vec<u32>,
}

impl Uses {
    /// The uses of an item.
    pub fn of(&self, item: u32) -> &[Use] {
        let item = item as usize;
        &self.uses[self.starts[item] as usize..self.starts[item + 1] as usize]
    }

    /// How many items there are.
    pub fn items(&self) -> usize {
        self.names.len()
    }

    /// Each (account, item) once, ascending.
    pub fn pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs: Vec<(u32, u32)> = self.uses.iter().map(|of| (of.account, of.item)).collect();
        pairs.dedup();
        pairs.sort_unstable();
        pairs
    }

    /// From uses in any order; items of fewer accounts than `least` are left out.
    pub(super) fn new(names: Vec<String>, mut uses: Vec<Use>, least: u32) -> Self {
        uses.sort_unstable();
        uses.dedup();
        let (mut kept, mut kept_names, mut starts) = (Vec::new(), Vec::new(), vec![0]);
        let mut names: Vec<Option<String>> = names.into_iter().map(Some).collect();
        for of_item in uses.chunk_by(|a, b| a.item == b.item) {
            let accounts = of_item.chunk_by(|a, b| a.account == b.account).count();
            if number(accounts) < least {
                continue;
            }
            let item = number(kept_names.len());
            kept_names.push(names[of_item[0].item as usize].take().unwrap_or_default());
            kept.extend(of_item.iter().map(|&of| Use { item, ..of }));
            starts.push(number(kept.len()));
        }
        Self {
            names: kept_names,
            uses: kept,
            starts,
        }
    }
}

/// The posts of one language on one platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Population {
    /// The platform, as the source names it.
    pub platform: String,
    /// The language, as the source labels it; empty where it does not.
    pub lang: String,
    /// Numbers of the posts, ascending.
    pub posts: Vec<u32>,
}

/// The populations of a corpus, the largest first; of equal ones by name.
pub fn populations(understood: &Understood<'_>) -> Vec<Population> {
    let mut names = Names::default();
    let mut populations: Vec<Population> = Vec::new();
    for post in 0..understood.len() {
        let read = understood.view(post).post();
        let code = names.code(&format!("{}\u{0}{}", read.platform(), read.lang())) as usize;
        if code == populations.len() {
            populations.push(Population {
                platform: read.platform().to_owned(),
                lang: read.lang().to_owned(),
                posts: Vec::new(),
            });
        }
        populations[code].posts.push(number(post));
    }
    populations.sort_by(|a, b| {
        (b.posts.len(), &a.platform, &a.lang).cmp(&(a.posts.len(), &b.platform, &b.lang))
    });
    populations
}

/// The uses of one kind in a population by the accounts that count: those for whom `counts` is set.
pub fn uses(
    understood: &Understood<'_>,
    population: &Population,
    kind: Kind,
    counts: &[bool],
    least: u32,
) -> Uses {
    let posts = population
        .posts
        .iter()
        .copied()
        .filter(|&post| counts[understood.account[post as usize] as usize]);
    if kind == Kind::Phrase {
        return phrases(understood, posts, least);
    }
    let (mut names, mut uses) = (Names::default(), Vec::new());
    for post in posts {
        let account = understood.account[post as usize];
        let view = understood.view(post as usize);
        let mut add = |name: &str| {
            if !name.is_empty() {
                uses.push(Use {
                    item: names.code(name),
                    account,
                    post,
                });
            }
        };
        match kind {
            Kind::RepostedAccount => {
                if view.is_repost() {
                    add(view.post().repost_of_account());
                }
            }
            Kind::Hashtag => view.hashtags().for_each(add),
            Kind::Domain => view.domains().for_each(add),
            Kind::Text => view.text_object().into_iter().for_each(add),
            Kind::Word => {
                if !view.is_repost() {
                    words_of(view.normal_text()).for_each(add);
                }
            }
            Kind::Phrase => {}
        }
    }
    Uses::new(names.iter().map(str::to_owned).collect(), uses, least)
}

/// The words of a normal text that have three letters or more; of scripts without blanks, two.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.unicode_words().filter(|word| {
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        letters >= 3 || (letters > 0 && !word.is_ascii() && word.chars().all(is_ideograph))
    })
}

/// Whether it is written without blanks between words and stands for more than a sound.
fn is_ideograph(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Runs of one to three words. Only words that `least` accounts use can be part of one, and a word that more
/// than three in ten accounts use neither begins nor ends one, so that their number stays bounded.
fn phrases(understood: &Understood<'_>, posts: impl Iterator<Item = u32>, least: u32) -> Uses {
    let mut names = Names::default();
    let mut texts: Vec<(u32, Vec<u32>)> = Vec::new();
    for post in posts {
        let view = understood.view(post as usize);
        if !view.is_repost() && !view.normal_text().is_empty() {
            let words = view
                .normal_text()
                .unicode_words()
                .map(|word| names.code(word))
                .collect();
            texts.push((post, words));
        }
    }
    let account = |post: u32| understood.account[post as usize];
    let mut users: Vec<(u32, u32)> = texts
        .iter()
        .flat_map(|(post, words)| words.iter().map(|&word| (word, account(*post))))
        .collect();
    users.sort_unstable();
    users.dedup();
    let of_word = super::matrix::counts(users.iter().map(|user| user.0));
    let mut writers: Vec<u32> = texts.iter().map(|text| account(text.0)).collect();
    writers.sort_unstable();
    writers.dedup();
    let most = number(writers.len() * 3 / 10);
    let fits = |word: u32| of_word[word as usize] >= least;
    let bears = |word: u32| fits(word) && of_word[word as usize] <= most;
    let mut found: Vec<([u32; 3], u32)> = Vec::new();
    for (post, words) in &texts {
        for start in 0..words.len() {
            if !bears(words[start]) {
                continue;
            }
            for length in 1..=3.min(words.len() - start) {
                let run = &words[start..start + length];
                if !run.iter().all(|&word| fits(word)) {
                    break;
                }
                if bears(run[length - 1]) {
                    let mut key = [u32::MAX; 3];
                    key[..length].copy_from_slice(run);
                    found.push((key, *post));
                }
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    let (mut called, mut uses) = (Vec::new(), Vec::new());
    for of_phrase in found.chunk_by(|a, b| a.0 == b.0) {
        if number(of_phrase.len()) < least {
            continue;
        }
        let item = number(called.len());
        let words: Vec<&str> = of_phrase[0]
            .0
            .iter()
            .filter(|&&word| word != u32::MAX)
            .map(|&word| names.name(word))
            .filter(|word| !word.is_empty())
            .collect();
        let name = words.join(" ");
        // A lone short word says nothing; a run of them can.
        if words.len() == 1 && words_of(&name).next().is_none() {
            continue;
        }
        called.push(name);
        uses.extend(of_phrase.iter().map(|&(_, post)| Use {
            item,
            account: account(post),
            post,
        }));
    }
    Uses::new(called, uses, least)
}

/// A repost with both ends known: who passed it on, whose post it is, and the tags it carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Who passed it on.
    pub by: u32,
    /// Whose post it is.
    pub of: u32,
    /// Its hashtags, made comparable.
    pub tags: Vec<String>,
}

/// The reposts of a population whose author is an account of the corpus.
pub fn passed(
    understood: &Understood<'_>,
    population: &Population,
    counts: &[bool],
) -> Vec<Passed> {
    let mut found = Vec::new();
    for &post in &population.posts {
        let view = understood.view(post as usize);
        let by = understood.account[post as usize];
        if !view.is_repost() || !counts[by as usize] {
            continue;
        }
        let read = view.post();
        let Some(of) = understood.accounts.find(read.repost_of_account()) else {
            continue;
        };
        let mut carried: Vec<String> = if read.hashtags().len() > 0 {
            read.hashtags().map(tags::tag_key).collect()
        } else {
            tags::hashtags_in(read.text()).map(tags::tag_key).collect()
        };
        carried.sort_unstable();
        carried.dedup();
        found.push(Passed {
            by,
            of,
            tags: carried,
        });
    }
    found
}
