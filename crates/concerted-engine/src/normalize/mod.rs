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
pub mod tags;
pub mod text;
pub mod text_index;
pub mod url;

use crate::columns::{Lists, Names, Strings};
use crate::detectors::Detector;
use crate::post::{Millis, PostRef, Posts};
use crate::share::{Corpus, ObjectKind, Objects, Share};
use near_duplicates::{NearDuplicates, TextPlan, TextReport, near_duplicates};
use order::{Duplicate, canonical_order};
use rayon::prelude::*;
use text_index::TextIndex;
use url::Link;

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
    hashtags: Lists,
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

/// Texts of posts made comparable.
#[derive(Debug, Default)]
struct Texts {
    /// Normal text of each post, empty where it is not compared.
    normal: Strings,
    near: NearDuplicates,
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
        let (mut normal, originals) = normal_texts(posts, rows);
        let mut near = NearDuplicates::default();
        for text in originals.iter() {
            let object = known.insert(text).map(|object| {
                let earliest = known.representative(object).unwrap_or(text);
                near.representatives.push(normal.push(earliest));
                number(near.representatives.len() - 1)
            });
            near.objects.push(object);
        }
        Texts { normal, near }
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
    for post in rows.iter().map(get) {
        account.push(if ambiguous[post.account() as usize] {
            accounts.code(&format!("{}:{}", post.platform(), post.account_id()))
        } else {
            accounts.code(post.account_id())
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
    let hashtags = understand_hashtags(posts, rows);
    let texts = texts(rows);
    report.texts = texts.near.report;
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
    let mut written = Names::default();
    let mut written_of = Codes::default();
    for &row in rows {
        let post = posts.get(row as usize);
        if !is_repost(&post) {
            if post.urls().len() > 0 {
                written_of
                    .codes
                    .extend(post.urls().map(|link| written.code(link)));
            } else {
                written_of
                    .codes
                    .extend(tags::links_in(post.text()).map(|link| written.code(link)));
            }
        }
        written_of.ends.push(number(written_of.codes.len()));
    }
    let written: Vec<&str> = written.iter().collect();
    let canonical: Vec<Option<Link>> = written
        .par_iter()
        .map(|link| url::canonical(link))
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

fn understand_hashtags(posts: &Posts, rows: &[u32]) -> Lists {
    let mut hashtags = Lists::default();
    for &row in rows {
        let post = posts.get(row as usize);
        if is_repost(&post) {
            hashtags.push([""; 0]);
        } else if post.hashtags().len() > 0 {
            hashtags.push(post.hashtags().map(tags::tag_key));
        } else if post.objects().any(|(kind, _)| kind == "hashtag") {
            hashtags.push(
                post.objects()
                    .filter(|(kind, _)| *kind == "hashtag")
                    .map(|(_, id)| tags::tag_key(id)),
            );
        } else {
            hashtags.push(tags::hashtags_in(post.text()).map(tags::tag_key));
        }
    }
    hashtags
}

fn understand_texts(posts: &Posts, rows: &[u32], plan: &TextPlan) -> Texts {
    let (normal, originals) = normal_texts(posts, rows);
    Texts {
        near: near_duplicates(&originals, plan),
        normal,
    }
}

/// The normal text of every post, and the same with those of reposts left out.
fn normal_texts(posts: &Posts, rows: &[u32]) -> (Strings, Strings) {
    // A repost's text is compared only where the id of the original is missing, and then only with
    // other reposts; near-duplicates are sought among originals.
    let normal = text::normal_texts(
        &rows
            .iter()
            .map(|&row| {
                let post = posts.get(row as usize);
                if is_repost(&post) && !post.repost_of().is_empty() {
                    ""
                } else {
                    post.text()
                }
            })
            .collect::<Strings>(),
    );
    let originals: Strings = rows
        .iter()
        .enumerate()
        .map(|(number, &row)| {
            if is_repost(&posts.get(row as usize)) {
                ""
            } else {
                normal.get(number)
            }
        })
        .collect();
    (normal, originals)
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
    pub fn reposted(&self) -> Option<String> {
        let post = self.post();
        if !self.is_repost() {
            return None;
        }
        if !post.repost_of().is_empty() {
            return Some(post.repost_of().to_owned());
        }
        let text = self.normal_text();
        (!post.repost_of_account().is_empty() && !text.is_empty())
            .then(|| format!("@{}: {text}", post.repost_of_account()))
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
    pub fn hashtags(&self) -> Vec<&'a str> {
        self.understood.hashtags.get(self.number).collect()
    }

    /// Its normal text.
    pub fn normal_text(&self) -> &'a str {
        self.understood.texts.normal.get(self.number)
    }

    /// The text that stands for all near-duplicates of its own: the normal text of the
    /// representative; nothing for a repost or where the text is too short.
    pub fn text_object(&self) -> Option<&'a str> {
        let texts = &self.understood.texts;
        let object = texts.near.objects[self.number]?;
        Some(
            texts
                .normal
                .get(texts.near.representatives[object as usize]),
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
        let found = self.objects(detectors);
        let mut corpus = Corpus {
            accounts: self.accounts.clone(),
            platform: self.platform.clone(),
            message: self.message.clone(),
            originality: (0..self.len())
                .map(|number| self.view(number).is_original())
                .collect(),
            resolution,
            ..Corpus::default()
        };
        let mut numbers: Vec<Names> = vec![Names::default(); detectors.len()];
        let mut object_of: Vec<Vec<u32>> = vec![Vec::new(); detectors.len()];
        let mut objects = Objects::default();
        for (detector, post, key) in found {
            let code = numbers[detector as usize].code(&key);
            let known = &mut object_of[detector as usize];
            if code as usize == known.len() {
                known.push(number(objects.len()));
                let (view, kind) = (self.view(post as usize), detectors[detector as usize].kind);
                let domain = if kind == ObjectKind::Link {
                    view.domain_of(&key)
                } else {
                    None
                };
                let author = if kind == ObjectKind::Repost {
                    view.reposted_account()
                } else {
                    None
                };
                objects.push(detector, kind, &key, domain, author);
            }
            corpus.shares.push(Share {
                time: self.view(post as usize).post().time(),
                account: self.account[post as usize],
                object: known[code as usize],
                post,
            });
        }
        corpus.objects = objects;
        corpus
    }

    /// (detector, post, key) of every object, in canonical order of posts, then of detectors.
    fn objects(&'a self, detectors: &[&Detector]) -> Vec<(u8, u32, String)> {
        const CHUNK: usize = 4_096;
        let starts: Vec<usize> = (0..self.len()).step_by(CHUNK).collect();
        starts
            .par_iter()
            .flat_map_iter(|&start| {
                let mut found = Vec::new();
                for post in start..self.len().min(start + CHUNK) {
                    for (place, detector) in detectors.iter().enumerate() {
                        let place =
                            u8::try_from(place).expect("there are fewer than 256 detectors");
                        (detector.objects)(&self.view(post), &mut |key| {
                            found.push((place, number(post), key.to_owned()));
                        });
                    }
                }
                found
            })
            .collect()
    }
}
