//! Reads the event stream of Bluesky, in the frames of its first version (`commit` inside) and of its
//! second (flattened).
//!
//! The time of a post is when the network witnessed it. What the author's program claims
//! (`createdAt`) can be forged or imported and only serves to doubt.

use super::loose::{Loose, Many};
use super::{Progress, Record, RecordReader};
use crate::read::ReadOptions;
use crate::read::problem::ProblemKind;
use crate::read::time::{SettingError, TimeReader};
use concerted_engine::post::Post;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use std::any::Any;

const DAY: i64 = 86_400_000;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Frame<'a> {
    #[serde(borrow)]
    did: Loose<'a>,
    time_us: Loose<'a>,
    time: Loose<'a>,
    kind: Loose<'a>,
    commit: Option<Commit<'a>>,
    operation: Loose<'a>,
    collection: Loose<'a>,
    rkey: Loose<'a>,
    record: Option<Entry<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Commit<'a> {
    #[serde(borrow)]
    operation: Loose<'a>,
    collection: Loose<'a>,
    rkey: Loose<'a>,
    record: Option<Entry<'a>>,
}

/// A post, a repost or anything else that an account may write down.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry<'a> {
    #[serde(borrow)]
    text: Loose<'a>,
    #[serde(rename = "createdAt")]
    created_at: Loose<'a>,
    langs: Many<Loose<'a>>,
    tags: Many<Loose<'a>>,
    facets: Many<Facet<'a>>,
    embed: Option<Embed<'a>>,
    reply: Option<Reply<'a>>,
    subject: Reference<'a>,
}

/// Where another record stands: `{uri, cid}`, or the bare address of an account.
#[derive(Debug, Default)]
struct Reference<'a>(Loose<'a>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Uri<'a> {
    #[serde(borrow)]
    uri: Loose<'a>,
    /// In the embed of a quote with pictures the reference lies one level deeper.
    record: Option<Box<Uri<'a>>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Reference<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Reference<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a reference")
            }

            fn visit_borrowed_str<E>(self, uri: &'de str) -> Result<Self::Value, E> {
                Ok(Reference(Loose(uri.into())))
            }

            fn visit_str<E>(self, uri: &str) -> Result<Self::Value, E> {
                Ok(Reference(Loose(uri.to_owned().into())))
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Reference::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let uri = Uri::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Reference(match uri.record {
                    Some(inner) if uri.uri.is_empty() => inner.uri,
                    _ => uri.uri,
                }))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reply<'a> {
    #[serde(borrow)]
    parent: Reference<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Facet<'a> {
    #[serde(borrow)]
    features: Many<Feature<'a>>,
}

/// A link, a hashtag or a mention, whichever field is filled.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Feature<'a> {
    #[serde(borrow)]
    uri: Loose<'a>,
    tag: Loose<'a>,
    did: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Embed<'a> {
    #[serde(borrow)]
    external: Option<External<'a>>,
    images: Many<Image<'a>>,
    video: Option<Blob<'a>>,
    record: Reference<'a>,
    media: Option<Box<Embed<'a>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct External<'a> {
    #[serde(borrow)]
    uri: Loose<'a>,
    title: Loose<'a>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Image<'a> {
    #[serde(borrow)]
    image: Option<Blob<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Blob<'a> {
    #[serde(borrow, rename = "ref")]
    address: Option<Address<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Address<'a> {
    #[serde(borrow, rename = "$link")]
    link: Loose<'a>,
}

/// Reads frames.
#[derive(Debug)]
pub(super) struct Reader {
    micros: TimeReader,
    written: TimeReader,
    claimed: TimeReader,
    post: Post,
    likes: u64,
    deletions: u64,
    others: u64,
    flattened: bool,
}

impl Reader {
    pub(super) fn new(_: &ReadOptions) -> Result<Self, SettingError> {
        Ok(Self {
            micros: TimeReader::new("time_us", None, None)?,
            written: TimeReader::new("time", None, None)?,
            claimed: TimeReader::new("createdAt", Some("UTC"), None)?,
            post: Post::default(),
            likes: 0,
            deletions: 0,
            others: 0,
            flattened: false,
        })
    }
}

impl RecordReader for Reader {
    fn read(&mut self, record: &mut Record) -> Result<(), serde_json::Error> {
        let frame: Frame = serde_json::from_str(record.raw)?;
        record.row();
        if frame.did.is_empty() || (frame.time_us.is_empty() && frame.time.is_empty()) {
            record.unmapped("it has no `did`, or neither `time_us` nor `time`");
            return Ok(());
        }
        self.flattened |= frame.commit.is_none() && !frame.collection.is_empty();
        let (operation, collection, rkey, entry) = match &frame.commit {
            Some(commit) => (
                &commit.operation,
                &commit.collection,
                &commit.rkey,
                &commit.record,
            ),
            None => (
                &frame.operation,
                &frame.collection,
                &frame.rkey,
                &frame.record,
            ),
        };
        if &**operation == "delete" {
            self.deletions += 1;
            return Ok(());
        }
        let repost = match &**collection {
            "app.bsky.feed.post" => false,
            "app.bsky.feed.repost" => true,
            "app.bsky.feed.like" => {
                self.likes += 1;
                return Ok(());
            }
            _ => {
                self.others += 1;
                return Ok(());
            }
        };
        if &**operation != "create" {
            self.others += 1;
            return Ok(());
        }
        let Some(entry) = entry else {
            record.unmapped("it creates a post and has no `record`");
            return Ok(());
        };
        let time = if frame.time_us.is_empty() {
            record.time(&mut self.written, &frame.time)
        } else {
            record.time(&mut self.micros, &frame.time_us)
        };
        let Some(time) = time else {
            return Ok(());
        };
        if let Ok(claimed) = self.claimed.read(&entry.created_at)
            && (claimed - time).abs() > DAY
        {
            record.doubt(
                "createdAt",
                if claimed > time {
                    ProblemKind::ClockAhead
                } else {
                    ProblemKind::BadTime
                },
                format!(
                    "{:?} is more than a day from when it was witnessed, which was taken",
                    &*entry.created_at
                ),
            );
        }
        let post = &mut self.post;
        post.clear();
        post.platform.push_str("bluesky");
        post.time = time;
        post.post_id = format!("at://{}/{}/{}", &*frame.did, &**collection, &**rkey);
        post.account_id.push_str(&frame.did);
        post.is_repost = Some(repost);
        if repost {
            post.repost_of.push_str(&entry.subject.0);
            post.repost_of_account.push_str(account(&entry.subject.0));
        } else {
            fill(post, entry);
        }
        record.post(post);
        Ok(())
    }

    fn fork(&self) -> Option<Box<dyn RecordReader>> {
        Some(Box::new(Self {
            micros: self.micros.fork(),
            written: self.written.fork(),
            claimed: self.claimed.fork(),
            post: Post::default(),
            likes: 0,
            deletions: 0,
            others: 0,
            flattened: false,
        }))
    }

    fn agrees(&self, other: &dyn RecordReader) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<Self>().is_some_and(|other| {
            self.micros.agrees(&other.micros)
                && self.written.agrees(&other.written)
                && self.claimed.agrees(&other.claimed)
        })
    }

    fn absorb(&mut self, other: Box<dyn RecordReader>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Self>() {
            self.micros.absorb(&other.micros);
            self.written.absorb(&other.written);
            self.claimed.absorb(&other.claimed);
            self.likes += other.likes;
            self.deletions += other.deletions;
            self.others += other.others;
            self.flattened |= other.flattened;
        }
    }

    fn progress(&self) -> Progress {
        let mut notes = Vec::new();
        for (count, what) in [
            (self.likes, "likes are not posts"),
            (
                self.deletions,
                "deletions are not posts, and what they delete still counts",
            ),
            (
                self.others,
                "other records (follows, profiles, changes) are not posts",
            ),
        ] {
            if count > 0 {
                notes.push(format!("{count} {what}"));
            }
        }
        let (clock, prefix) = if self.flattened {
            (self.written.clock(), "")
        } else {
            (self.micros.clock(), "commit.")
        };
        let time = clock.source.clone();
        let within = |field: &str| format!("{prefix}{field}");
        Progress {
            clock,
            mapping: vec![
                ("account_id".into(), "did".into()),
                ("time".into(), time),
                ("text".into(), within("record.text")),
                ("repost_of".into(), within("record.subject.uri")),
                ("quote_of".into(), within("record.embed.record.uri")),
                ("reply_to".into(), within("record.reply.parent.uri")),
                ("urls".into(), within("record.facets")),
                ("hashtags".into(), within("record.facets")),
                ("mentions".into(), within("record.facets")),
                ("media".into(), within("record.embed.images")),
                ("link_title".into(), within("record.embed.external.title")),
            ],
            notes,
            ..Progress::default()
        }
    }
}

fn fill(post: &mut Post, entry: &Entry) {
    post.text.push_str(&entry.text);
    if let Some(lang) = entry.langs.first() {
        post.lang.push_str(lang);
    }
    if let Some(reply) = &entry.reply {
        post.reply_to.push_str(&reply.parent.0);
        post.reply_to_account.push_str(account(&reply.parent.0));
    }
    for feature in entry.facets.iter().flat_map(|facet| facet.features.iter()) {
        for (value, list) in [
            (&feature.uri, &mut post.urls),
            (&feature.tag, &mut post.hashtags),
            (&feature.did, &mut post.mentions),
        ] {
            if !value.is_empty() {
                list.push(value.to_string());
            }
        }
    }
    for tag in entry.tags.iter().filter(|tag| !tag.is_empty()) {
        post.hashtags.push(tag.to_string());
    }
    let Some(embed) = &entry.embed else {
        return;
    };
    // Lists and feeds can be embedded too; they are no posts.
    if embed.record.0.contains("/app.bsky.feed.post/") {
        post.quote_of.push_str(&embed.record.0);
    }
    for embed in [Some(embed), embed.media.as_deref()].into_iter().flatten() {
        if let Some(external) = &embed.external {
            if !post.urls.iter().any(|url| *url == *external.uri) {
                post.urls.push(external.uri.to_string());
            }
            post.link_title.push_str(&external.title);
        }
        let blobs = embed.images.iter().filter_map(|image| image.image.as_ref());
        for blob in blobs.chain(&embed.video) {
            if let Some(address) = &blob.address {
                post.media.push(address.link.to_string());
            }
        }
    }
}

/// The account in the address of a record, `at://account/collection/key`.
fn account(uri: &str) -> &str {
    uri.strip_prefix("at://")
        .and_then(|rest| rest.split('/').next())
        .unwrap_or_default()
}
