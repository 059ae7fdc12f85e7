//! What is the same post, the same link, the same text?
//!
//! Comes in: posts as readers understood them. Goes out: [`Understood`], the posts that count in
//! canonical order, with their links, hashtags and texts made comparable; and from that the
//! [`Corpus`] of shares, by asking every detector which objects each post puts before people.

pub mod differences;
pub mod grams;
pub mod minhash;
pub mod near_duplicates;
pub mod order;
mod outline;
pub mod tags;
pub mod text;
pub mod text_index;
pub mod url;
mod waves;

use crate::columns::{Index, Names, Strings, hash};
use crate::detectors::Detector;
use crate::post::{Millis, PostRef, Posts};
use crate::share::{Corpus, ObjectKind, Objects, Share};
use near_duplicates::{NONE, TextPlan, TextReport, objects_of_distinct};
use order::{Duplicate, canonical_order};
use rayon::prelude::*;
use std::borrow::Cow;
use text_index::TextIndex;
use url::Link;
use waves::waves;

/// Posts as understood: the ones that count, in canonical order, with what makes them comparable.
#[derive(Debug)]
pub struct Understood<'a> {
    posts: &'a Posts,
    /// Rows of the posts that count, in canonical order. A post's place here is its number.
    pub order: Vec<u32>,
    /// Rows set aside because they repeat another.
    pub duplicates: Vec<Duplicate>,
    /// For each post the first post that is part of the same message: rows of a share table can be.
    pub message: Vec<u32>,
    /// Names of the accounts, numbered by first appearance in canonical order.
    pub accounts: Names,
    /// Account of each post.
    pub account: Vec<u32>,
    /// Every distinct link, made canonical.
    pub links: Vec<Link>,
    links_of: Codes,
    /// Every distinct hashtag, made comparable.
    hashtags: Strings,
    hashtags_of: Codes,
    platforms: Names,
    platform: Vec<u8>,
    texts: Texts,
    /// What was counted on the way.
    pub report: UnderstoodReport,
}

/// What was counted while posts were understood.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UnderstoodReport {
    /// Posts that count.
    pub posts: usize,
    /// Of these, reposts.
    pub reposts: usize,
    /// Of these, reposts without the original's id, matched by account and text.
    pub reposts_by_text: usize,
    /// Reposts that name neither the original nor its account; they can be matched by nothing.
    pub reposts_unmatched: usize,
    /// Links as written that are no web address.
    pub not_links: usize,
    /// Links behind a shortener, which are compared as they stand.
    pub short_links: usize,
    /// What was counted while near-duplicate texts were found.
    pub texts: TextReport,
}

/// Texts of posts made comparable, each kept once.
#[derive(Debug, Default)]
struct Texts {
    /// The distinct normal texts.
    normal: Strings,
    /// Normal text of each post, the empty one where it is not compared.
    of: Vec<u32>,
    /// For each post the number of its text among the objects, or `NONE`.
    objects: Vec<u32>,
    /// For each object the normal text that stands for it.
    representatives: Vec<u32>,
    report: TextReport,
}

/// Lists of numbers, one for each post.
#[derive(Debug, Default)]
struct Codes {
    ends: Vec<u32>,
    codes: Vec<u32>,
}

impl Codes {
    fn get(&self, post: usize) -> &[u32] {
        let start = if post == 0 { 0 } else { self.ends[post - 1] };
        &self.codes[start as usize..self.ends[post] as usize]
    }
}

/// Understands posts. `text_plan` says when two texts are the same.
pub fn understand<'a>(posts: &'a Posts, text_plan: &TextPlan) -> Understood<'a> {
    understand_with(posts, |rows| understand_texts(posts, rows, text_plan))
}

/// Understands the next posts of a stream. Near-duplicate texts are sought among those that the index
/// remembers of earlier posts; everything else is as in [`understand`].
pub fn understand_next<'a>(posts: &'a Posts, known: &mut TextIndex) -> Understood<'a> {
    understand_with(posts, |rows| {
        let (mut normal, of) = normal_texts(posts, rows);
        let (mut objects, mut representatives) = (Vec::with_capacity(rows.len()), Vec::new());
        for (&row, &text) in rows.iter().zip(&of) {
            let text = Some(normal.name(text)).filter(|_| !is_repost(&posts.get(row as usize)));
            let Some(object) = text.and_then(|text| known.insert(text)) else {
                objects.push(NONE);
                continue;
            };
            objects.push(number(representatives.len()));
            // It was known or became known just now.
            representatives.push(normal.code(known.representative(object).unwrap_or_default()));
        }
        Texts {
            normal: normal.into_strings(),
            of,
            objects,
            representatives,
            report: TextReport::default(),
        }
    })
}

fn understand_with(posts: &Posts, texts: impl FnOnce(&[u32]) -> Texts) -> Understood<'_> {
    let ordered = canonical_order(posts);
    let rows = &ordered.order;
    let get = |row: &u32| posts.get(*row as usize);

    let (mut accounts, mut platforms) = (Names::default(), Names::default());
    let ambiguous = ids_on_two_platforms(posts);
    let mut account = Vec::with_capacity(rows.len());
    let mut platform = Vec::with_capacity(rows.len());
    let mut known = vec![NONE; posts.accounts().len()];
    for post in rows.iter().map(get) {
        account.push(if ambiguous[post.account() as usize] {
            accounts.code(&format!("{}:{}", post.platform(), post.account_id()))
        } else {
            let known = &mut known[post.account() as usize];
            if *known == NONE {
                *known = accounts.code(post.account_id());
            }
            *known
        });
        // There are a few dozen platforms at most; whatever is beyond 255 shares the last stratum.
        platform.push(u8::try_from(platforms.code(post.platform())).unwrap_or(u8::MAX));
    }

    let mut report = UnderstoodReport {
        posts: rows.len(),
        ..UnderstoodReport::default()
    };
    for post in rows.iter().map(get).filter(is_repost) {
        report.reposts += 1;
        if post.repost_of().is_empty() && post.objects().all(|(kind, _)| kind != "repost") {
            if post.repost_of_account().is_empty() {
                report.reposts_unmatched += 1;
            } else {
                report.reposts_by_text += 1;
            }
        }
    }

    let (links, links_of) = understand_links(posts, rows, &mut report);
    let (hashtags, hashtags_of) = understand_hashtags(posts, rows);
    let texts = texts(rows);
    report.texts = texts.report;
    Understood {
        posts,
        duplicates: ordered.duplicates,
        message: ordered.message,
        order: ordered.order,
        accounts,
        account,
        links,
        links_of,
        hashtags,
        hashtags_of,
        platforms,
        platform,
        texts,
        report,
    }
}

/// Whether a post repeats another one unchanged.
fn is_repost(post: &PostRef<'_>) -> bool {
    post.is_repost() == Some(true)
}

/// For each account id whether posts of two platforms carry it.
fn ids_on_two_platforms(posts: &Posts) -> Vec<bool> {
    let mut seen: Vec<Option<&str>> = vec![None; posts.accounts().len()];
    let mut ambiguous = vec![false; posts.accounts().len()];
    for post in posts.iter() {
        let account = post.account() as usize;
        match seen[account] {
            None => seen[account] = Some(post.platform()),
            Some(platform) => ambiguous[account] |= platform != post.platform(),
        }
    }
    ambiguous
}

fn understand_links(
    posts: &Posts,
    rows: &[u32],
    report: &mut UnderstoodReport,
) -> (Vec<Link>, Codes) {
    // Each way of writing a link is looked at once, in parallel; then numbered in canonical order.
    let (written, written_of) = as_written(posts, rows, |post, found| {
        if post.urls().len() > 0 {
            found.extend(post.urls());
        } else {
            found.extend(tags::links_in(post.text()));
        }
    });
    let canonical: Vec<Option<Link>> = (0..written.len())
        .into_par_iter()
        .map(|link| url::canonical(written.get(link)))
        .collect();
    report.not_links = canonical.iter().filter(|link| link.is_none()).count();
    report.short_links = canonical
        .iter()
        .flatten()
        .filter(|link| link.is_shortener)
        .count();
    let mut keys = Names::default();
    let mut links: Vec<Link> = Vec::new();
    let code: Vec<Option<u32>> = canonical
        .into_iter()
        .map(|link| {
            let link = link?;
            let code = keys.code(&link.key);
            if code as usize == links.len() {
                links.push(link);
            }
            Some(code)
        })
        .collect();
    let mut links_of = Codes::default();
    for post in 0..rows.len() {
        let start = links_of.codes.len();
        for &written in written_of.get(post) {
            if let Some(code) =
                code[written as usize].filter(|code| !links_of.codes[start..].contains(code))
            {
                links_of.codes.push(code);
            }
        }
        links_of.ends.push(number(links_of.codes.len()));
    }
    (links, links_of)
}

fn understand_hashtags(posts: &Posts, rows: &[u32]) -> (Strings, Codes) {
    let (written, mut codes) = as_written(posts, rows, |post, found| {
        let ready_made = |object: (&'_ str, _)| object.0 == "hashtag";
        if post.hashtags().len() > 0 {
            found.extend(post.hashtags());
        } else if post.objects().any(ready_made) {
            let objects = post.objects().filter(|object| ready_made(*object));
            found.extend(objects.map(|object| object.1));
        } else {
            found.extend(tags::hashtags_in(post.text()));
        }
    });
    let mut keys = Names::default();
    let key: Vec<u32> = written
        .iter()
        .map(|tag| keys.code(&tags::tag_key(tag)))
        .collect();
    for code in &mut codes.codes {
        *code = key[*code as usize];
    }
    (keys.into_strings(), codes)
}

/// What `find` finds in each post that is no repost: every distinct string, and their numbers in each
/// post. Posts are looked at in parallel, strings are numbered by first appearance.
fn as_written<'a>(
    posts: &'a Posts,
    rows: &[u32],
    find: impl Fn(&PostRef<'a>, &mut Vec<&'a str>) + Sync,
) -> (Strings, Codes) {
    let mut written = Names::default();
    let mut codes = Codes::default();
    codes.ends.reserve(rows.len());
    let make = |range: std::ops::Range<usize>| {
        let (mut found, mut ends) = (Vec::new(), Vec::new());
        for &row in &rows[range] {
            let post = posts.get(row as usize);
            if !is_repost(&post) {
                find(&post, &mut found);
            }
            ends.push(found.len());
        }
        (found, ends)
    };
    waves(rows.len(), 8_192, make, |_, (found, ends)| {
        let start = codes.codes.len();
        let numbers = found.into_iter().map(|string| written.code(string));
        codes.codes.extend(numbers);
        let ends = ends.into_iter().map(|end| number(start + end));
        codes.ends.extend(ends);
    });
    (written.into_strings(), codes)
}

fn understand_texts(posts: &Posts, rows: &[u32], plan: &TextPlan) -> Texts {
    let (normal, of) = normal_texts(posts, rows);
    let normal = normal.into_strings();
    // Near-duplicates are sought among originals.
    let mut among = vec![false; normal.len()];
    for (&row, &text) in rows.iter().zip(&of) {
        among[text as usize] |= !is_repost(&posts.get(row as usize));
    }
    let text = |text: u32| normal.get(text as usize);
    let among = |text: u32| among[text as usize];
    let found = objects_of_distinct(normal.len(), text, among, plan);
    let objects: Vec<u32> = rows
        .iter()
        .zip(&of)
        .map(|(&row, &text)| {
            if is_repost(&posts.get(row as usize)) {
                NONE
            } else {
                found.objects[text as usize]
            }
        })
        .collect();
    Texts {
        report: TextReport {
            texts: rows.len(),
            too_short: objects.iter().filter(|&&object| object == NONE).count(),
            ..found.report
        },
        normal,
        of,
        objects,
        representatives: found.representatives,
    }
}

/// The distinct normal texts, and which is that of each post.
fn normal_texts(posts: &Posts, rows: &[u32]) -> (Names, Vec<u32>) {
    // A repost's text is compared only where the id of the original is missing, and then only with
    // other reposts.
    text::distinct_normal_texts(rows.len(), |place| {
        let post = posts.get(rows[place] as usize);
        if is_repost(&post) && !post.repost_of().is_empty() {
            ""
        } else {
            post.text()
        }
    })
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("posts and their parts are numbered in 32 bits")
}

/// One post as detectors see it: as read, with its links, hashtags and text made comparable.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    understood: &'a Understood<'a>,
    number: usize,
}

impl<'a> View<'a> {
    /// Its number in canonical order.
    pub fn number(&self) -> usize {
        self.number
    }

    /// The post as read.
    pub fn post(&self) -> PostRef<'a> {
        self.understood
            .posts
            .get(self.understood.order[self.number] as usize)
    }

    /// Whether it repeats another post unchanged.
    pub fn is_repost(&self) -> bool {
        is_repost(&self.post())
    }

    /// Whether it is an original; `None` where the source cannot tell.
    pub fn is_original(&self) -> Option<bool> {
        if self.ready_made("repost").next().is_some() {
            return Some(false);
        }
        self.post().is_repost().map(|repost| !repost)
    }

    /// What it reposts: the id of the original, or the reposted account and the text where the id is
    /// missing, or nothing.
    pub fn reposted(&self) -> Option<Cow<'a, str>> {
        let post = self.post();
        if !self.is_repost() {
            return None;
        }
        if !post.repost_of().is_empty() {
            return Some(post.repost_of().into());
        }
        let text = self.normal_text();
        (!post.repost_of_account().is_empty() && !text.is_empty())
            .then(|| format!("@{}: {text}", post.repost_of_account()).into())
    }

    /// Its links, made canonical, each once, in order.
    pub fn links(&self) -> impl ExactSizeIterator<Item = &'a Link> + use<'a> {
        let understood = self.understood;
        understood
            .links_of
            .get(self.number)
            .iter()
            .map(|&code| &understood.links[code as usize])
    }

    /// Its hashtags, made comparable, in order.
    pub fn hashtags(&self) -> impl ExactSizeIterator<Item = &'a str> + use<'a> {
        let understood = self.understood;
        understood
            .hashtags_of
            .get(self.number)
            .iter()
            .map(|&code| understood.hashtags.get(code as usize))
    }

    /// Its normal text.
    pub fn normal_text(&self) -> &'a str {
        let texts = &self.understood.texts;
        texts.normal.get(texts.of[self.number] as usize)
    }

    /// The text that stands for all near-duplicates of its own: the normal text of the
    /// representative; nothing for a repost or where the text is too short.
    pub fn text_object(&self) -> Option<&'a str> {
        let texts = &self.understood.texts;
        let object = Some(texts.objects[self.number]).filter(|&object| object != NONE)?;
        Some(
            texts
                .normal
                .get(texts.representatives[object as usize] as usize),
        )
    }

    /// Ready-made objects of a kind, as a share table has them.
    pub fn ready_made(&self, kind: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.post()
            .objects()
            .filter(move |object| object.0 == kind)
            .map(|object| object.1)
    }

    /// Registrable domains it leads to: those of its links, and those a share table names.
    pub fn domains(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.links()
            .map(|link| link.domain.as_str())
            .chain(self.ready_made("domain"))
    }

    /// The registrable domain of one of its links: for a ready-made link the domain that the share
    /// table names next to it.
    fn domain_of(&self, key: &str) -> Option<&'a str> {
        if let Some(link) = self.links().find(|link| link.key == key) {
            return Some(link.domain.as_str());
        }
        let mut behind = self
            .post()
            .objects()
            .skip_while(|object| *object != ("link", key));
        let named = behind
            .find(|object| object.0 == "domain")
            .map(|object| object.1);
        named.or_else(|| self.ready_made("domain").next())
    }

    /// The account whose post it reposts, where the source tells.
    fn reposted_account(&self) -> Option<&'a str> {
        Some(self.post().repost_of_account()).filter(|account| !account.is_empty())
    }
}

impl<'a> Understood<'a> {
    /// How many posts count.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether no post counts.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The post with this number.
    pub fn view(&'a self, number: usize) -> View<'a> {
        View {
            understood: self,
            number,
        }
    }

    /// Name of the platform with this number.
    pub fn platform_name(&self, platform: u8) -> &str {
        self.platforms.name(u32::from(platform))
    }

    /// Every share, by asking each detector; `resolution` is the step of the clock in milliseconds.
    pub fn corpus(&'a self, detectors: &[&Detector], resolution: Millis) -> Corpus {
        let mut shares = Vec::new();
        let mut objects = Objects::default();
        let mut known: Vec<Index> = vec![Index::default(); detectors.len()];
        let make = |range| self.objects(detectors, range);
        waves(self.len(), 4_096, make, |_, found| {
            let Found { of, keys, hashes } = found;
            for ((place, (detector, post)), hash) in of.into_iter().enumerate().zip(hashes) {
                let (view, key) = (self.view(post as usize), keys.get(place));
                let known = &mut known[detector as usize];
                let object = known.find(hash, |object| objects.key.get(object as usize) == key);
                let object = object.unwrap_or_else(|| {
                    let object = number(objects.len());
                    known.insert(hash, object);
                    let kind = detectors[detector as usize].kind;
                    let (domain, author) = match kind {
                        ObjectKind::Link => (view.domain_of(key), None),
                        ObjectKind::Repost => (None, view.reposted_account()),
                        _ => (None, None),
                    };
                    objects.push(detector, kind, key, domain, author);
                    object
                });
                shares.push(Share {
                    time: view.post().time(),
                    account: self.account[post as usize],
                    object,
                    post,
                });
            }
        });
        shares.shrink_to_fit();
        Corpus {
            shares,
            objects,
            accounts: self.accounts.clone(),
            platform: self.platform.clone(),
            message: self.message.clone(),
            originality: (0..self.len())
                .map(|number| self.view(number).is_original())
                .collect(),
            resolution,
        }
    }

    /// The objects of some posts, in canonical order of posts, then of detectors.
    fn objects(&'a self, detectors: &[&Detector], posts: std::ops::Range<usize>) -> Found {
        let mut found = Found::default();
        for post in posts {
            for (place, detector) in detectors.iter().enumerate() {
                let place = u8::try_from(place).expect("there are fewer than 256 detectors");
                (detector.objects)(&self.view(post), &mut |key| {
                    found.of.push((place, number(post)));
                    found.keys.push(key);
                    found.hashes.push(hash(key));
                });
            }
        }
        found
    }
}

/// Objects as detectors name them.
#[derive(Default)]
struct Found {
    /// The detector and the post of each.
    of: Vec<(u8, u32)>,
    keys: Strings,
    hashes: Vec<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detectors::DETECTORS;
    use crate::post::Post;

    fn posts() -> Posts {
        let mut posts = Posts::default();
        for (number, text) in [
            "They want to take away our vote on Sunday #Vote #now #DAY",
            "they want to take our vote on sunday #vote #Now #day",
            "tomorrow it will rain in most of the country",
            "they want to take away our vote on sunday #vote #now #day",
        ]
        .into_iter()
        .enumerate()
        {
            posts.push(&Post {
                post_id: number.to_string(),
                account_id: format!("a{number}"),
                time: 1_000 * i64::try_from(number).unwrap(),
                text: text.into(),
                is_repost: Some(false),
                ..Post::default()
            });
        }
        posts
    }

    #[test]
    fn equal_texts_and_tags_are_kept_once() {
        let posts = posts();
        let understood = understand(&posts, &TextPlan::default());
        assert_eq!(understood.texts.normal.len(), 3);
        assert_eq!(understood.hashtags.len(), 3);
        let tags = |number| understood.view(number).hashtags().collect::<Vec<_>>();
        assert_eq!(tags(1), ["vote", "now", "day"]);
        assert_eq!(tags(2), [""; 0]);
        let corpus = understood.corpus(&DETECTORS.iter().collect::<Vec<_>>(), 1_000);
        let keys: Vec<&str> = corpus.objects.key.iter().collect();
        assert_eq!(
            keys,
            [
                "#vote #now #day",
                "they want to take away our vote on sunday vote now day",
                "tomorrow it will rain in most of the country",
            ]
        );
    }

    #[test]
    fn a_stream_cut_anywhere_finds_the_texts_of_the_whole() {
        let whole = posts();
        let mut index = TextIndex::new(TextPlan::default(), 10);
        let mut found = Vec::new();
        for row in 0..whole.len() {
            let mut part = Posts::default();
            part.push(&whole.get(row).to_post());
            let understood = understand_next(&part, &mut index);
            found.push(understood.view(0).text_object().map(str::to_owned));
        }
        let understood = understand(&whole, &TextPlan::default());
        let expect = (0..whole.len()).map(|post| understood.view(post).text_object());
        assert!(found.iter().map(Option::as_deref).eq(expect));
    }
}
