//! Reads posts as the interfaces of Twitter give them, the second (pages of `data`, `includes`,
//! `meta`, or flattened, as twarc2 writes them) and the first (`id_str`, `full_text`).
//!
//! A repost carries the first 140 characters of its original; where the original is at hand, in
//! `includes` or inside the repost, its whole text, links and hashtags are read from there. The
//! stated times have whole seconds, the ids milliseconds: where both agree the id is believed.

use super::loose::{Loose, Many};
use super::{Progress, Record, RecordReader};
use crate::read::ReadOptions;
use crate::read::time::{SettingError, TimeReader, snowflake_agrees, snowflake_millis};
use concerted_engine::post::Post;
use serde::Deserialize;
use std::any::Any;
use std::collections::BTreeMap;

/// A tweet of either interface, or a page of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tweet<'a> {
    #[serde(borrow)]
    data: Many<Tweet<'a>>,
    includes: Option<Includes<'a>>,
    errors: Many<Failure<'a>>,
    meta: Option<serde::de::IgnoredAny>,

    id: Loose<'a>,
    id_str: Loose<'a>,
    author_id: Loose<'a>,
    author: Option<User<'a>>,
    user: Option<User<'a>>,
    created_at: Loose<'a>,
    text: Loose<'a>,
    full_text: Loose<'a>,
    #[serde(rename = "note_tweet")]
    note: Option<Longer<'a>>,
    #[serde(rename = "extended_tweet")]
    extended: Option<Longer<'a>>,
    lang: Loose<'a>,
    #[serde(rename = "type")]
    relation: Loose<'a>,
    referenced_tweets: Many<Tweet<'a>>,
    retweeted_status: Option<Box<Tweet<'a>>>,
    quoted_status_id_str: Loose<'a>,
    in_reply_to_user_id: Loose<'a>,
    in_reply_to_user_id_str: Loose<'a>,
    in_reply_to_status_id_str: Loose<'a>,
    entities: Option<Entities<'a>>,
    extended_entities: Option<Entities<'a>>,
    attachments: Option<Attachments<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Includes<'a> {
    #[serde(borrow)]
    tweets: Many<Tweet<'a>>,
    users: Many<User<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure<'a> {
    #[serde(borrow)]
    title: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct User<'a> {
    #[serde(borrow)]
    id: Loose<'a>,
    id_str: Loose<'a>,
    username: Loose<'a>,
    screen_name: Loose<'a>,
}

impl User<'_> {
    fn id(&self) -> &str {
        self.id_str.or(&self.id)
    }

    fn handle(&self) -> &str {
        self.username.or(&self.screen_name)
    }
}

/// The whole of a text that is longer than the field for texts.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Longer<'a> {
    #[serde(borrow)]
    text: Loose<'a>,
    full_text: Loose<'a>,
    entities: Option<Entities<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entities<'a> {
    #[serde(borrow)]
    urls: Many<Link<'a>>,
    hashtags: Many<Hashtag<'a>>,
    mentions: Many<Mention<'a>>,
    user_mentions: Many<Mention<'a>>,
    media: Many<Medium<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    url: Loose<'a>,
    expanded_url: Loose<'a>,
    unwound_url: Loose<'a>,
    unwound: Option<Unwound<'a>>,
    title: Loose<'a>,
    media_key: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Unwound<'a> {
    #[serde(borrow)]
    url: Loose<'a>,
    title: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Hashtag<'a> {
    #[serde(borrow)]
    tag: Loose<'a>,
    text: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Mention<'a> {
    #[serde(borrow)]
    username: Loose<'a>,
    screen_name: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Medium<'a> {
    #[serde(borrow)]
    id_str: Loose<'a>,
    media_key: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Attachments<'a> {
    #[serde(borrow)]
    media_keys: Many<Loose<'a>>,
    media: Many<Medium<'a>>,
}

/// What came beside the posts of a page.
#[derive(Default)]
struct Beside<'a> {
    tweets: BTreeMap<&'a str, &'a Tweet<'a>>,
    users: BTreeMap<&'a str, &'a User<'a>>,
}

/// Reads tweets.
#[derive(Debug)]
pub(super) struct Reader {
    time: TimeReader,
    post: Post,
    recovered: u64,
    read: u64,
    failures: u64,
    first_failure: String,
}

impl Reader {
    pub(super) fn new(options: &ReadOptions) -> Result<Self, SettingError> {
        Ok(Self {
            time: TimeReader::new("created_at", options.time_zone.as_deref(), None)?,
            post: Post::default(),
            recovered: 0,
            read: 0,
            failures: 0,
            first_failure: String::new(),
        })
    }

    fn tweet(&mut self, tweet: &Tweet, beside: &Beside, record: &mut Record) {
        let id = tweet.id_str.or(&tweet.id);
        let author = tweet.author.as_ref().or(tweet.user.as_ref());
        let account = tweet.author_id.or(author.map_or("", |author| author.id()));
        let author = author.or_else(|| beside.users.get(account).copied());
        let handle = author.map_or("", |author| author.handle());
        if account.is_empty() && handle.is_empty() {
            return record.no_account("author_id");
        }
        let Some(stated) = record.time(&mut self.time, &tweet.created_at) else {
            return;
        };
        let post = &mut self.post;
        post.clear();
        post.platform.push_str("twitter");
        post.post_id.push_str(id);
        post.account_id
            .push_str(if account.is_empty() { handle } else { account });
        post.account_name.push_str(handle);
        post.lang.push_str(&tweet.lang);
        self.read += 1;
        post.time = match snowflake_millis(id) {
            Some(exact) if snowflake_agrees(exact, stated, 1_000) => {
                self.recovered += 1;
                exact
            }
            _ => stated,
        };

        let mut original: Option<&Tweet> = None;
        if let Some(retweeted) = &tweet.retweeted_status {
            post.repost_of.push_str(retweeted.id_str.or(&retweeted.id));
            original = Some(retweeted);
        }
        for reference in tweet.referenced_tweets.iter() {
            match &*reference.relation {
                "retweeted" => {
                    post.repost_of.clear();
                    post.repost_of.push_str(&reference.id);
                    // Flattened, the reference holds the original itself.
                    original = Some(reference)
                        .filter(|inside| !inside.text.is_empty())
                        .or_else(|| beside.tweets.get(&*reference.id).copied());
                }
                "quoted" => post.quote_of.push_str(&reference.id),
                "replied_to" => {
                    post.reply_to.push_str(&reference.id);
                }
                _ => {}
            }
        }
        if post.quote_of.is_empty() {
            post.quote_of.push_str(&tweet.quoted_status_id_str);
        }
        if post.reply_to.is_empty() {
            post.reply_to.push_str(&tweet.in_reply_to_status_id_str);
        }
        post.reply_to_account
            .push_str(tweet.in_reply_to_user_id_str.or(&tweet.in_reply_to_user_id));
        post.is_repost = Some(!post.repost_of.is_empty());
        if post.is_repost == Some(true) {
            // A repost of a quote or of an answer quotes and answers nobody itself.
            post.quote_of.clear();
            post.reply_to.clear();
            post.reply_to_account.clear();
        }

        let mut whole = tweet;
        if let Some(original) = original {
            let author = original.author.as_ref().or(original.user.as_ref());
            post.repost_of_account.push_str(
                original
                    .author_id
                    .or(author.map_or("", |author| author.id())),
            );
            let prefix = whole_text(tweet)
                .split_inclusive(": ")
                .next()
                .unwrap_or_default();
            if prefix.starts_with("RT @") && prefix.ends_with(": ") {
                post.text.push_str(prefix);
            }
            whole = original;
        }
        post.text.push_str(whole_text(whole));
        fill_entities(post, whole);
        record.post(post);
    }
}

impl RecordReader for Reader {
    fn read(&mut self, record: &mut Record) -> Result<(), serde_json::Error> {
        let raw = record.raw;
        let tweet: Tweet = serde_json::from_str(raw)?;
        self.failures += tweet.errors.len() as u64;
        if let (Some(failure), true) = (tweet.errors.first(), self.first_failure.is_empty()) {
            self.first_failure.push_str(&failure.title);
        }
        let mut beside = Beside::default();
        if let Some(includes) = &tweet.includes {
            beside
                .tweets
                .extend(includes.tweets.iter().map(|tweet| (&*tweet.id, tweet)));
            beside
                .users
                .extend(includes.users.iter().map(|user| (&*user.id, user)));
        }
        if tweet.data.is_empty() {
            if tweet.meta.is_some() || !tweet.errors.is_empty() {
                return Ok(());
            }
            if tweet.created_at.is_empty() && tweet.id.is_empty() && tweet.id_str.is_empty() {
                record.unmapped("it has neither `data` nor `id` and `created_at`");
                return Ok(());
            }
            record.row();
            self.tweet(&tweet, &beside, record);
        }
        for tweet in tweet.data.iter() {
            record.row();
            self.tweet(tweet, &beside, record);
        }
        Ok(())
    }

    fn fork(&self) -> Option<Box<dyn RecordReader>> {
        Some(Box::new(Self {
            time: self.time.fork(),
            post: Post::default(),
            recovered: 0,
            read: 0,
            failures: 0,
            first_failure: String::new(),
        }))
    }

    fn agrees(&self, other: &dyn RecordReader) -> bool {
        let other: &dyn Any = other;
        other
            .downcast_ref::<Self>()
            .is_some_and(|other| self.time.agrees(&other.time))
    }

    fn absorb(&mut self, other: Box<dyn RecordReader>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Self>() {
            self.time.absorb(&other.time);
            self.recovered += other.recovered;
            self.read += other.read;
            self.failures += other.failures;
            if self.first_failure.is_empty() {
                self.first_failure = other.first_failure;
            }
        }
    }

    fn progress(&self) -> Progress {
        let mut clock = self.time.clock();
        let mut notes = Vec::new();
        if self.read > 0 {
            notes.push(format!(
                "milliseconds recovered from the post ids: {} of {} agree to the second",
                self.recovered, self.read
            ));
            if self.recovered == self.read {
                clock.resolution_ms = 1;
                "snowflake id".clone_into(&mut clock.source);
            }
        }
        if self.failures > 0 {
            notes.push(format!(
                "{} posts that others refer to could not be fetched when this was collected ({})",
                self.failures, self.first_failure
            ));
        }
        Progress {
            clock,
            mapping: super::mapping(&[
                ("post_id", "id"),
                ("account_id", "author_id"),
                ("time", "created_at"),
                ("text", "text"),
                ("repost_of", "referenced_tweets"),
                ("reply_to", "referenced_tweets"),
                ("urls", "entities.urls"),
                ("hashtags", "entities.hashtags"),
                ("mentions", "entities.mentions"),
                ("media", "attachments.media_keys"),
            ]),
            notes,
            ..Progress::default()
        }
    }
}

fn longer<'t, 'a>(tweet: &'t Tweet<'a>) -> Option<&'t Longer<'a>> {
    tweet.note.as_ref().or(tweet.extended.as_ref())
}

fn whole_text<'t>(tweet: &'t Tweet) -> &'t str {
    let short = tweet.full_text.or(&tweet.text);
    longer(tweet).map_or(short, |longer| {
        let long = longer.full_text.or(&longer.text);
        if long.is_empty() { short } else { long }
    })
}

fn fill_entities(post: &mut Post, tweet: &Tweet) {
    let short = tweet.entities.as_ref();
    let long = longer(tweet).and_then(|longer| longer.entities.as_ref());
    let Some(entities) = long.or(short) else {
        return fill_media(post, tweet);
    };
    for link in entities.urls.iter() {
        let unwound = link.unwound.as_ref();
        let url = link
            .unwound_url
            .or(unwound.map_or("", |unwound| &unwound.url));
        let url = if url.is_empty() {
            link.expanded_url.or(&link.url)
        } else {
            url
        };
        if url.is_empty() || !link.media_key.is_empty() || points_to_itself(url, &post.quote_of) {
            continue;
        }
        post.urls.push(url.to_owned());
        if post.link_title.is_empty() {
            let title = link.title.or(unwound.map_or("", |unwound| &unwound.title));
            post.link_title.push_str(title);
        }
    }
    for hashtag in entities.hashtags.iter() {
        post.hashtags.push(hashtag.tag.or(&hashtag.text).to_owned());
    }
    for mention in entities.mentions.iter().chain(&*entities.user_mentions) {
        post.mentions
            .push(mention.username.or(&mention.screen_name).to_owned());
    }
    fill_media(post, tweet);
}

fn fill_media(post: &mut Post, tweet: &Tweet) {
    if let Some(attachments) = &tweet.attachments {
        post.media
            .extend(attachments.media_keys.iter().map(|key| key.to_string()));
        if post.media.is_empty() {
            post.media.extend(
                attachments
                    .media
                    .iter()
                    .map(|medium| medium.media_key.to_string()),
            );
        }
    }
    let entities = tweet.extended_entities.as_ref().or(tweet.entities.as_ref());
    if let Some(entities) = entities {
        post.media.extend(
            entities
                .media
                .iter()
                .map(|medium| medium.id_str.to_string()),
        );
    }
    post.media.retain(|medium| !medium.is_empty());
}

/// Whether a link is only how Twitter shows the pictures of this post, or the post that it quotes.
fn points_to_itself(url: &str, quote_of: &str) -> bool {
    let Some((site, status)) = url.split_once("/status/") else {
        return false;
    };
    let own = ["twitter.com/", "x.com/"]
        .iter()
        .any(|own| site.contains(own));
    let id = status.split(['?', '/']).next().unwrap_or_default();
    own && (status.contains("/photo/")
        || status.contains("/video/")
        || (!quote_of.is_empty() && id == quote_of))
}
