//! Reads records whose fields are told by paths: the formats of [`presets`](super::presets), and any
//! other JSON, whose fields are found by their names in the first records.

use super::node::Node;
use super::paths;
use super::presets::{NAMES, Preset};
use super::{Progress, Record, RecordReader, html};
use crate::read::problem::ProblemKind;
use crate::read::sink::Sink;
use crate::read::time::{SettingError, TimeReader, snowflake_agrees, snowflake_millis};
use crate::read::{Clock, ReadOptions};
use concerted_engine::post::{Post, Source};
use std::any::Any;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many records are looked at before the first is read.
const SAMPLE: usize = 200;

/// Reads records by paths.
#[derive(Debug)]
pub(super) struct Reader {
    preset: &'static Preset,
    options: ReadOptions,
    /// The first records, until the fields are settled.
    waiting: Vec<(String, Source)>,
    settled: Option<Settled>,
    recovered: u64,
    read: u64,
}

/// Fields and their paths, and how times are written.
#[derive(Debug)]
struct Settled {
    places: Arc<Places>,
    time: TimeReader,
    post: Post,
}

/// Where each field stands.
#[derive(Debug)]
struct Places {
    fields: Vec<(String, Vec<String>)>,
    unmapped: Vec<String>,
    /// The keys of a record under which anything is looked for.
    keys: Vec<String>,
}

impl Reader {
    pub(super) fn new(
        preset: &'static Preset,
        options: &ReadOptions,
    ) -> Result<Self, SettingError> {
        // A setting that cannot be followed is told before anything is read.
        time_reader("time", options)?;
        Ok(Self {
            preset,
            options: options.clone(),
            waiting: Vec::new(),
            settled: None,
            recovered: 0,
            read: 0,
        })
    }

    /// Settles the fields by the records that wait, and reads those.
    fn settle(&mut self, sink: &mut Sink) {
        let texts = std::mem::take(&mut self.waiting);
        let waiting: Vec<(Node, Source)> = (texts.iter())
            .filter_map(|(text, source)| Some((serde_json::from_str(text).ok()?, *source)))
            .collect();
        let roots = self.preset.roots;
        let mut leaves = BTreeMap::new();
        for (record, _) in &waiting {
            let mut found = Vec::new();
            paths::leaves(root(record, roots), "", 4, &mut found);
            for path in found {
                *leaves.entry(path).or_insert(0_usize) += 1;
            }
        }
        let mut fields: Vec<(String, Vec<String>)> = match self.preset.fields {
            Some(fields) => fields
                .iter()
                .map(|(field, paths)| {
                    (
                        (*field).to_owned(),
                        paths.iter().map(|path| (*path).to_owned()).collect(),
                    )
                })
                .collect(),
            None => by_name(&leaves),
        };
        for (field, path) in &self.options.map {
            let field = if field == "media" {
                "media_hash"
            } else {
                field
            };
            // One column has one meaning: what the analyst names is taken from other fields.
            for (_, paths) in &mut fields {
                paths.retain(|other| other != path);
            }
            fields.retain(|(other, paths)| other != field && !paths.is_empty());
            fields.push((field.to_owned(), vec![path.clone()]));
        }
        let used: BTreeSet<&str> = fields
            .iter()
            .flat_map(|(_, paths)| paths.iter().map(|path| path.trim_start_matches('/')))
            .collect();
        let unmapped = leaves
            .keys()
            .filter(|leaf| {
                !used.contains(leaf.as_str())
                    && !used
                        .iter()
                        .any(|path| leaf.starts_with(&format!("{path}.")))
            })
            .cloned()
            .collect();
        let paths_of = |field: &str| {
            let found = fields.iter().find(|(name, _)| name == field);
            found.map(|(_, paths)| paths.clone()).unwrap_or_default()
        };
        let time_paths = paths_of("time");
        let missing_field = [
            ("time", ProblemKind::NoTime),
            ("account_id", ProblemKind::NoAccount),
        ]
        .into_iter()
        .find(|(field, _)| {
            paths_of(field).is_empty()
                && (*field != "account_id" || paths_of("account_name").is_empty())
        });
        if let (Some((_, kind)), false) = (missing_field, waiting.is_empty()) {
            let known: Vec<&str> = leaves.keys().map(String::as_str).take(40).collect();
            sink.refuse(
                None,
                "",
                kind,
                format!("none of these is known as such: {}", known.join(", ")),
            );
        }
        let column = time_paths.first().map_or("", String::as_str);
        // The settings were tried when this reader was made.
        let Ok(mut time) = time_reader(column, &self.options) else {
            return;
        };
        let cells: Vec<String> = waiting
            .iter()
            .filter_map(|(record, _)| first(record, root(record, roots), &time_paths))
            .map(Cow::into_owned)
            .collect();
        time.learn(cells.iter().map(String::as_str));
        let all_paths = fields.iter().flat_map(|(_, paths)| paths);
        let keys: BTreeSet<&str> = (all_paths.map(String::as_str))
            .chain(roots.iter().copied())
            .flat_map(paths::beginnings)
            .collect();
        let keys = keys.into_iter().map(str::to_owned).collect();
        self.settled = Some(Settled {
            places: Arc::new(Places {
                fields,
                unmapped,
                keys,
            }),
            time,
            post: Post::default(),
        });
        for (value, source) in &waiting {
            let mut record = Record {
                raw: "",
                source: *source,
                sink,
            };
            self.post(value, &mut record);
        }
    }

    fn post(&mut self, value: &Node<'_>, record: &mut Record) {
        let Some(settled) = &mut self.settled else {
            return;
        };
        let root = root(value, self.preset.roots);
        let missing = &self.options.missing;
        let Settled { places, time, post } = settled;
        let fields = &places.fields;
        post.clear();
        let mut stated = None;
        let (mut heading, mut chat, mut repost_chat) = (None, None, None);
        for (field, paths) in fields {
            if let Some(list) = list_field(post, field) {
                all(value, root, paths, |cell| {
                    if !missing.iter().any(|word| *word == cell) {
                        list.extend(pieces(field, &cell));
                    }
                });
                continue;
            }
            let Some(cell) = first(value, root, paths) else {
                continue;
            };
            if missing.iter().any(|word| *word == cell) {
                continue;
            }
            match field.as_str() {
                "time" => stated = Some(cell),
                "heading" => heading = Some(cell),
                "chat" => chat = Some(cell),
                "repost_chat" => repost_chat = Some(cell),
                "is_repost" => {
                    post.is_repost = match cell.to_ascii_lowercase().as_str() {
                        "true" | "yes" | "1" => Some(true),
                        "false" | "no" | "0" => Some(false),
                        _ => None,
                    }
                }
                "object_id" => post.objects.push((String::new(), cell.into_owned())),
                "text" if self.preset.html => {
                    let html = html::read(&cell);
                    post.text.push_str(&html.text);
                    post.urls.extend(html.links);
                }
                field => {
                    if let Some(place) = text_field(post, field) {
                        place.push_str(&cell);
                    }
                }
            }
        }
        if post.account_id.is_empty() {
            post.account_id = post.account_name.clone();
        }
        if post.account_id.is_empty() {
            return record.no_account("account_id");
        }
        let Some(cell) = stated else {
            return record.unmapped("it has no time where this format keeps it");
        };
        let Some(stated) = record.time(time, &cell) else {
            return;
        };
        post.time = stated;
        self.read += 1;
        if self.preset.snowflake
            && let Some(exact) = snowflake_millis(&post.post_id)
            && snowflake_agrees(exact, stated, 1_000)
        {
            self.recovered += 1;
            post.time = exact;
        }
        if post.platform.is_empty() {
            post.platform.push_str(self.preset.platform);
        }
        if let Some(heading) = heading {
            let gap = if post.text.is_empty() { "" } else { "\n" };
            post.text.insert_str(0, &format!("{heading}{gap}"));
        }
        for (id, chat) in [
            (&mut post.post_id, &chat),
            (&mut post.reply_to, &chat),
            (&mut post.repost_of, &repost_chat),
        ] {
            if let (Some(chat), false) = (chat, id.is_empty()) {
                id.insert_str(0, &format!("{chat}:"));
            }
        }
        if !post.repost_of.is_empty() {
            post.is_repost = Some(true);
        } else if self.preset.fields.is_some() && post.is_repost.is_none() {
            let told = fields.iter().any(|(field, _)| field == "repost_of");
            post.is_repost = told.then_some(!post.repost_of_account.is_empty());
        }
        record.post(post);
    }
}

impl RecordReader for Reader {
    fn read(&mut self, record: &mut Record) -> Result<(), serde_json::Error> {
        let raw = record.raw;
        let value: Node = match &self.settled {
            Some(settled) => Node::wanted(raw, &settled.places.keys)?,
            None => serde_json::from_str(raw)?,
        };
        record.row();
        if !value.is_object() {
            record.unmapped("it is no object");
            return Ok(());
        }
        if self.settled.is_some() {
            self.post(&value, record);
        } else {
            self.waiting.push((raw.to_owned(), record.source));
            if self.waiting.len() == SAMPLE {
                self.settle(record.sink);
            }
        }
        Ok(())
    }

    fn finish(&mut self, sink: &mut Sink) {
        if self.settled.is_none() {
            self.settle(sink);
        }
    }

    fn fork(&self) -> Option<Box<dyn RecordReader>> {
        let settled = self.settled.as_ref()?;
        Some(Box::new(Self {
            preset: self.preset,
            options: self.options.clone(),
            waiting: Vec::new(),
            settled: Some(Settled {
                places: Arc::clone(&settled.places),
                time: settled.time.fork(),
                post: Post::default(),
            }),
            recovered: 0,
            read: 0,
        }))
    }

    fn agrees(&self, other: &dyn RecordReader) -> bool {
        let other: &dyn Any = other;
        let (Some(ours), Some(theirs)) = (
            &self.settled,
            other
                .downcast_ref::<Self>()
                .and_then(|other| other.settled.as_ref()),
        ) else {
            return false;
        };
        ours.time.agrees(&theirs.time)
    }

    fn absorb(&mut self, other: Box<dyn RecordReader>) {
        let other: Box<dyn Any> = other;
        if let Ok(other) = other.downcast::<Self>()
            && let (Some(ours), Some(theirs)) = (&mut self.settled, other.settled)
        {
            ours.time.absorb(&theirs.time);
            self.recovered += other.recovered;
            self.read += other.read;
        }
    }

    fn progress(&self) -> Progress {
        let Some(settled) = &self.settled else {
            return Progress::default();
        };
        let places = &settled.places;
        let mut clock: Clock = settled.time.clock();
        let mut notes = Vec::new();
        if self.preset.snowflake && self.read > 0 {
            notes.push(format!(
                "milliseconds recovered from the post ids: {} of {} agree to the second",
                self.recovered, self.read
            ));
            if self.recovered == self.read {
                clock.resolution_ms = 1;
                "snowflake id".clone_into(&mut clock.source);
            }
        }
        Progress {
            clock,
            mapping: places
                .fields
                .iter()
                .map(|(field, paths)| (field.clone(), paths.join(" or ")))
                .collect(),
            unmapped: places.unmapped.clone(),
            notes,
        }
    }
}

fn time_reader(column: &str, options: &ReadOptions) -> Result<TimeReader, SettingError> {
    TimeReader::new(
        column,
        options.time_zone.as_deref(),
        options.date_order.as_deref(),
    )
}

/// Where the paths of a record begin.
fn root<'v, 'a>(record: &'v Node<'a>, roots: &[&str]) -> &'v Node<'a> {
    let below = |path: &&str| {
        path.split('.')
            .try_fold(record, |value, key| value.get(key))
            .filter(|value| value.is_object())
    };
    roots.iter().find_map(below).unwrap_or(record)
}

/// Calls `take` with all values of the first path that has any.
fn all<'v, 'a>(
    record: &'v Node<'a>,
    root: &'v Node<'a>,
    paths: &[String],
    mut take: impl FnMut(Cow<'v, str>),
) {
    let mut found = Vec::new();
    for path in paths {
        match path.strip_prefix('/') {
            Some(path) => paths::find(record, path, &mut found),
            None => paths::find(root, path, &mut found),
        }
        let mut any = false;
        for value in found.drain(..) {
            if let Some(text) = paths::text(value) {
                any = true;
                take(text);
            }
        }
        if any {
            return;
        }
    }
}

/// The first value of the first path that has any.
fn first<'v, 'a>(
    record: &'v Node<'a>,
    root: &'v Node<'a>,
    paths: &[String],
) -> Option<Cow<'v, str>> {
    let mut first = None;
    all(record, root, paths, |text| {
        first.get_or_insert(text);
    });
    first
}

fn text_field<'p>(post: &'p mut Post, field: &str) -> Option<&'p mut String> {
    Some(match field {
        "post_id" => &mut post.post_id,
        "account_id" => &mut post.account_id,
        "account_name" => &mut post.account_name,
        "platform" => &mut post.platform,
        "text" => &mut post.text,
        "lang" => &mut post.lang,
        "repost_of" => &mut post.repost_of,
        "repost_of_account" => &mut post.repost_of_account,
        "quote_of" => &mut post.quote_of,
        "reply_to" => &mut post.reply_to,
        "reply_to_account" => &mut post.reply_to_account,
        "link_title" => &mut post.link_title,
        _ => return None,
    })
}

fn list_field<'p>(post: &'p mut Post, field: &str) -> Option<&'p mut Vec<String>> {
    Some(match field {
        "urls" => &mut post.urls,
        "hashtags" => &mut post.hashtags,
        "mentions" => &mut post.mentions,
        "media_hash" => &mut post.media,
        _ => return None,
    })
}

/// The parts of a cell that holds several links, hashtags or accounts in one text.
fn pieces<'c>(field: &'c str, cell: &'c str) -> impl Iterator<Item = String> + 'c {
    let between = move |letter: char| {
        letter.is_whitespace() || letter == '|' || (letter == ',' && field != "urls")
    };
    cell.split(between)
        .map(move |piece| match field {
            "hashtags" => piece.trim_start_matches('#'),
            "mentions" => piece.trim_start_matches('@'),
            _ => piece,
        })
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
}

/// Fields by the names of the paths that the first records have.
fn by_name(leaves: &BTreeMap<String, usize>) -> Vec<(String, Vec<String>)> {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|letter| letter.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let paths: BTreeMap<String, &String> = leaves.keys().map(|path| (plain(path), path)).collect();
    let mut used = BTreeSet::new();
    let mut fields = Vec::new();
    for (field, names) in NAMES {
        let found = names.iter().find_map(|name| {
            // A name may also be that of an object or a list of objects, read by what it is about.
            let exact = paths.get(&plain(name)).map(|path| (*path).clone());
            exact
                .or_else(|| {
                    let inside = format!("{name}.");
                    let list = matches!(*field, "urls" | "hashtags" | "mentions");
                    let any = leaves.keys().any(|path| path.starts_with(&inside));
                    (list && any).then(|| (*name).to_owned())
                })
                .filter(|path| !used.contains(path))
        });
        if let Some(path) = found {
            used.insert(path.clone());
            fields.push(((*field).to_owned(), vec![path]));
        }
    }
    fields
}
