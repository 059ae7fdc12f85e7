//! Reads what Telegram Desktop exports: `result.json` of one chat, or of all chats of an account.
//!
//! Numbers of messages are unique in their chat only, so a post is `chat:message`. A forwarded
//! message names the account it comes from and not the message.

use super::document::Element;
use super::loose::{Loose, Many};
use super::{Progress, Record, RecordReader};
use crate::read::ReadOptions;
use crate::read::problem::ProblemKind;
use crate::read::sink::Sink;
use crate::read::time::{SettingError, TimeReader};
use concerted_engine::post::Post;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Message<'a> {
    #[serde(borrow)]
    id: Loose<'a>,
    #[serde(rename = "type")]
    sort: Loose<'a>,
    date: Loose<'a>,
    date_unixtime: Loose<'a>,
    from: Loose<'a>,
    from_id: Loose<'a>,
    forwarded_from: Forwarded<'a>,
    forwarded_from_id: Loose<'a>,
    reply_to_message_id: Loose<'a>,
    text: Text<'a>,
    text_entities: Many<Entity<'a>>,
}

/// The name a message was forwarded from; null for an account that is gone.
#[derive(Debug, Default)]
struct Forwarded<'a>(Option<Loose<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Forwarded<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Loose::deserialize(deserializer).map(|name| Self(Some(name)))
    }
}

/// Text in one piece, or in pieces of which some are plain and some links, hashtags, bold words.
#[derive(Debug, Default)]
struct Text<'a> {
    whole: Cow<'a, str>,
    entities: Vec<Entity<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entity<'a> {
    #[serde(borrow, rename = "type")]
    sort: Loose<'a>,
    text: Loose<'a>,
    href: Loose<'a>,
    user_id: Loose<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pieces;
        impl<'de> Visitor<'de> for Pieces {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or a list of its pieces")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text {
                    whole: Cow::Borrowed(text),
                    entities: Vec::new(),
                })
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text {
                    whole: Cow::Owned(text.to_owned()),
                    entities: Vec::new(),
                })
            }

            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Text::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut text = Text::default();
                while let Some(Piece(entity)) = seq.next_element()? {
                    text.whole.to_mut().push_str(&entity.text);
                    text.entities.push(entity);
                }
                Ok(text)
            }
        }
        deserializer.deserialize_any(Pieces)
    }
}

struct Piece<'a>(Entity<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Piece<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct One;
        impl<'de> Visitor<'de> for One {
            type Value = Piece<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a piece of text")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Piece(Entity {
                    text: Loose(Cow::Borrowed(text)),
                    ..Entity::default()
                }))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Piece(Entity {
                    text: Loose(Cow::Owned(text.to_owned())),
                    ..Entity::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                Entity::deserialize(de::value::MapAccessDeserializer::new(map)).map(Piece)
            }
        }
        deserializer.deserialize_any(One)
    }
}

/// Reads messages. The chat they stand in is told by the document around them.
#[derive(Debug)]
pub(super) struct Reader {
    chat: String,
    time: TimeReader,
    local: TimeReader,
    post: Post,
    service: u64,
    chats: u64,
    forwarded: u64,
}

impl Reader {
    pub(super) fn new(options: &ReadOptions) -> Result<Self, SettingError> {
        Ok(Self {
            chat: String::new(),
            time: TimeReader::new("date_unixtime", None, None)?,
            local: TimeReader::new("date", options.time_zone.as_deref(), None)?,
            post: Post::default(),
            service: 0,
            chats: 0,
            forwarded: 0,
        })
    }
}

impl RecordReader for Reader {
    fn read(&mut self, record: &mut Record) -> Result<(), serde_json::Error> {
        let message: Message = serde_json::from_str(record.raw)?;
        record.row();
        if &*message.sort == "service" {
            self.service += 1;
            return Ok(());
        }
        if message.date.is_empty() && message.date_unixtime.is_empty() {
            record.unmapped("it has neither `date_unixtime` nor `date`");
            return Ok(());
        }
        let account = message.from_id.or(&message.from);
        if account.is_empty() {
            record.no_account("from_id");
            return Ok(());
        }
        // The other date is that of the clock of the computer that exported, without its zone.
        let time = if message.date_unixtime.is_empty() {
            record.time(&mut self.local, &message.date)
        } else {
            record.time(&mut self.time, &message.date_unixtime)
        };
        let Some(time) = time else {
            return Ok(());
        };
        let post = &mut self.post;
        post.clear();
        post.platform.push_str("telegram");
        post.time = time;
        let in_chat = |id: &str| format!("{}:{id}", self.chat);
        if !message.id.is_empty() {
            post.post_id = in_chat(&message.id);
        }
        post.account_id.push_str(account);
        post.account_name.push_str(&message.from);
        if !message.reply_to_message_id.is_empty() {
            post.reply_to = in_chat(&message.reply_to_message_id);
        }
        post.is_repost = Some(message.forwarded_from.0.is_some());
        if let Some(name) = &message.forwarded_from.0 {
            self.forwarded += 1;
            post.repost_of_account
                .push_str(message.forwarded_from_id.or(name));
        }
        post.text.push_str(&message.text.whole);
        let entities = if message.text_entities.is_empty() {
            &message.text.entities
        } else {
            &message.text_entities.0
        };
        for entity in entities {
            let text = entity.text.trim();
            match &*entity.sort {
                "link" => post.urls.push(text.to_owned()),
                "text_link" => post.urls.push(entity.href.to_string()),
                "hashtag" => post.hashtags.push(text.trim_start_matches('#').to_owned()),
                "mention" => post.mentions.push(text.trim_start_matches('@').to_owned()),
                "mention_name" => post.mentions.push(entity.user_id.to_string()),
                _ => {}
            }
        }
        record.post(post);
        Ok(())
    }

    fn progress(&self) -> Progress {
        let mut notes = vec![format!("{} chats", self.chats)];
        if self.service > 0 {
            notes.push(format!(
                "{} service messages (someone joined, a title changed) are not posts",
                self.service
            ));
        }
        Progress {
            clock: self.time.clock(),
            mapping: super::mapping(&[
                ("post_id", "id"),
                ("account_id", "from_id"),
                ("account_name", "from"),
                ("time", "date_unixtime"),
                ("text", "text"),
                ("repost_of_account", "forwarded_from"),
                ("reply_to", "reply_to_message_id"),
                ("urls", "text_entities"),
                ("hashtags", "text_entities"),
                ("mentions", "text_entities"),
            ]),
            notes,
            ..Progress::default()
        }
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.forwarded > 0 {
            sink.doubt(
                None,
                "forwarded_from",
                ProblemKind::RepostWithoutId,
                format!(
                    "{} forwarded messages name the account they come from and not the message",
                    self.forwarded
                ),
            );
        }
    }

    fn enter(&mut self, element: &Element) {
        if let Element::Chat { id, name } = element {
            self.chats += 1;
            self.chat.clear();
            self.chat.push_str(if id.is_empty() { name } else { id });
        }
    }
}
