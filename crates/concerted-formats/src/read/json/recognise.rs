//! Tells what kind of JSON an input is, from its first records.

use super::generic;
use super::presets::{self, Preset};
use super::{ReadOptions, RecordReader, jetstream, telegram, twarc2};
use crate::read::time::SettingError;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// A format and the reasons for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// Name of the format, as `--format` takes it.
    pub name: &'static str,
    /// Why it was taken for that, for a person to read.
    pub why: String,
    /// How the records lie in the text.
    pub layout: Layout,
}

/// How the records lie in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One on each line.
    Lines,
    /// One list that is the whole document.
    List,
    /// One list under this key of the document.
    Under(String),
    /// Messages of one chat or many, as Telegram lays them out.
    Chats,
    /// The whole document is one record.
    Whole,
}

/// A format with fields of its own: its name, how its records look, and why.
struct Format {
    name: &'static str,
    why: &'static str,
    fits: fn(&Value) -> bool,
    reader: fn(&ReadOptions) -> Result<Box<dyn RecordReader>, SettingError>,
}

const FORMATS: &[Format] = &[
    Format {
        name: "twarc2",
        why: "its records are tweets of the second interface of Twitter (`author_id`, `created_at`), alone or in pages (`data`, `includes`, `meta`)",
        fits: |record| {
            let tweet = |tweet: &Value| has(tweet, &["id", "author_id", "text"]);
            let page = &record["data"];
            tweet(record)
                || tweet(page)
                || page.get(0).is_some_and(tweet)
                || has(record, &["data", "__twarc"])
                || has(record, &["data", "meta"]) && record["meta"].get("newest_id").is_some()
        },
        reader: |options| Ok(Box::new(twarc2::Reader::new(options)?)),
    },
    Format {
        name: "twitter-v1",
        why: "its records are tweets of the first interface of Twitter (`id_str`, `user`, `full_text` or `text`)",
        fits: |record| has(record, &["id_str", "created_at", "user"]) && record["user"].is_object(),
        reader: |options| Ok(Box::new(twarc2::Reader::new(options)?)),
    },
    Format {
        name: "telegram",
        why: "it is an export of Telegram Desktop (`messages` of a chat, or a list of `chats`)",
        fits: |record| {
            has(record, &["date", "text"])
                && (has(record, &["date_unixtime"]) || has(record, &["from_id", "from"]))
        },
        reader: |options| Ok(Box::new(telegram::Reader::new(options)?)),
    },
    Format {
        name: "jetstream",
        why: "its records are frames of the event stream of Bluesky (`did`, `time_us`, `commit`)",
        fits: |record| {
            has(record, &["did", "time_us"])
                || has(record, &["did", "collection", "rkey", "time"])
                || has(record, &["did", "seq", "time"])
        },
        reader: |options| Ok(Box::new(jetstream::Reader::new(options)?)),
    },
];

/// Names of all formats of JSON.
pub fn names() -> Vec<&'static str> {
    let own = FORMATS.iter().map(|format| format.name);
    own.chain(presets::KNOWN.iter().map(|preset| preset.name))
        .chain([presets::GENERIC.name])
        .collect()
}

/// The reader of a format. `name` is one of [`names`].
pub(super) fn reader(
    name: &str,
    options: &ReadOptions,
) -> Result<Box<dyn RecordReader>, SettingError> {
    if let Some(format) = FORMATS.iter().find(|format| format.name == name) {
        return (format.reader)(options);
    }
    let preset = presets::KNOWN
        .iter()
        .find(|preset| preset.name == name)
        .unwrap_or(&presets::GENERIC);
    Ok(Box::new(generic::Reader::new(preset, options)?))
}

/// Recognises JSON from the beginning of a text; the last record in it may be cut off. `None` if it is
/// not JSON with records.
pub fn recognise(head: &[u8]) -> Option<Recognised> {
    let (layout, records) = layout(head)?;
    if layout == Layout::Chats {
        let format = FORMATS.iter().find(|format| format.name == "telegram")?;
        return Some(Recognised {
            name: format.name,
            why: format.why.to_owned(),
            layout,
        });
    }
    let counts = candidates().map(|(name, why, fits)| {
        let count = records.iter().filter(|record| fits(record)).count();
        (count, name, why)
    });
    // The first of the best, so that the order of the lists decides between equals.
    let (_, name, why) = counts
        .filter(|(count, ..)| 2 * count >= records.len())
        .reduce(|best, other| if other.0 > best.0 { other } else { best })
        .unwrap_or((0, presets::GENERIC.name, presets::GENERIC.why));
    Some(Recognised {
        name,
        why: why.to_owned(),
        layout,
    })
}

/// Takes a text for the format of this name, whatever its records look like.
pub(super) fn as_format(name: &str, head: &[u8]) -> Option<Recognised> {
    let name = names().into_iter().find(|known| *known == name)?;
    let layout = layout(head).map_or(Layout::Lines, |(layout, _)| layout);
    Some(Recognised {
        name,
        why: "it was asked for".to_owned(),
        layout,
    })
}

type Candidate = (&'static str, &'static str, fn(&Value) -> bool);

fn candidates() -> impl Iterator<Item = Candidate> {
    let own = FORMATS
        .iter()
        .map(|format| (format.name, format.why, format.fits));
    own.chain(presets::KNOWN.iter().map(
        |Preset {
             name, why, fits, ..
         }| (*name, *why, *fits),
    ))
}

/// Whether a record has all of these keys.
pub(super) fn has(record: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| record.get(key).is_some())
}

/// Keys under which documents keep their list of records.
const LISTS: &[&str] = &[
    "data", "posts", "tweets", "statuses", "items", "results", "records", "messages", "videos",
    "comments", "hits", "feed",
];

/// How many lines are looked at.
const SAMPLE: usize = 50;

/// How records lie in a text, and the first of them.
fn layout(head: &[u8]) -> Option<(Layout, Vec<Value>)> {
    let head = head.trim_ascii_start();
    let head = head.utf8_chunks().next()?.valid();
    if head.starts_with('[') {
        let Value::Array(records) = partial(head) else {
            return None;
        };
        let records: Vec<_> = records
            .into_iter()
            .filter(Value::is_object)
            .take(SAMPLE)
            .collect();
        return (!records.is_empty()).then_some((Layout::List, records));
    }
    if !head.starts_with('{') {
        return None;
    }
    let mut lines = head.split_inclusive('\n').take(SAMPLE);
    let whole = |line: &str| {
        serde_json::from_str::<Value>(line)
            .ok()
            .filter(Value::is_object)
    };
    let first = lines.next().map(whole)?;
    let others: Vec<Value> = lines.filter_map(whole).collect();
    let several = !others.is_empty();
    // A first line that is broken among lines that are not is one bad line.
    let by_line = first.is_some()
        || head
            .lines()
            .skip(1)
            .take(2)
            .any(|line| line.starts_with('{') && whole(line).is_some());
    let document = match first {
        Some(first) => first,
        None if by_line => return Some((Layout::Lines, others)),
        None => partial(head),
    };
    if document.get("messages").is_some_and(Value::is_array) && has(&document, &["name", "type"])
        || document.get("chats").is_some_and(Value::is_object)
    {
        return Some((Layout::Chats, Vec::new()));
    }
    let page = (FORMATS[0].fits)(&document);
    if by_line && (several || page || !head.contains('\n')) || page && !head.contains('\n') {
        let records = std::iter::once(document).chain(others).collect();
        return Some((Layout::Lines, records));
    }
    if page {
        return Some((Layout::Whole, vec![document]));
    }
    for key in LISTS {
        if let Some(Value::Array(list)) = document.get(*key)
            && list.first().is_some_and(Value::is_object)
        {
            return Some((Layout::Under((*key).to_owned()), list.clone()));
        }
    }
    // One record, or a first line that is longer than what is at hand.
    let layout = if head.trim_end().contains('\n') {
        Layout::Whole
    } else {
        Layout::Lines
    };
    Some((layout, vec![document]))
}

/// As much of a value as a cut-off text holds.
fn partial(text: &str) -> Value {
    let mut value = Value::Null;
    let mut json = serde_json::Deserializer::from_str(text);
    // That the text ends too early is expected, and what came before has been kept.
    let _ = Kept(&mut value).deserialize(&mut json);
    value
}

/// Reads a value into a place that keeps what was read before an error.
struct Kept<'v>(&'v mut Value);

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        *self.0 = Value::Bool(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        *self.0 = value.into();
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        *self.0 = Value::Array(Vec::new());
        let Value::Array(list) = self.0 else {
            return Ok(());
        };
        loop {
            list.push(Value::Null);
            let last = list.len() - 1;
            match seq.next_element_seed(Kept(&mut list[last])) {
                Ok(Some(())) => {}
                Ok(None) => {
                    list.pop();
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        *self.0 = Value::Object(Map::new());
        let Value::Object(object) = self.0 else {
            return Ok(());
        };
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(Kept(object.entry(key).or_insert(Value::Null)))?;
        }
        Ok(())
    }
}
