//! Turns the rows of a table into posts, whatever file they come from.
//!
//! A reader of CSV, Parquet or sheets hands over rows of cells; what the cells mean says a plan
//! (`profiles`), changed by what the caller mapped. That is the [`Layout`], which all threads share;
//! each has a [`Worker`] of its own, which fills and reuses one post, so that a row costs no
//! allocation but those of its lists.

use super::cells::Cells;
use super::chunks::Hand;
use super::fields::{Field, items, plain, yes_or_no};
use super::problem::ProblemKind;
use super::profiles::{self, Head, Plan, Profile};
use super::sink::Sink;
use super::time::{self, TimeReader};
use super::{ReadError, ReadOptions, Recognised};
use concerted_engine::post::{Millis, Post};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};

/// Words for "nothing" that programs write into cells (R, Python, SQL). They are never a name or a
/// link, yet would make all accounts with such a cell share one object; texts are kept as written.
const NOTHING: [&str; 9] = [
    "NA", "NaN", "nan", "null", "NULL", "None", "\\N", "<NA>", "N/A",
];

/// 1990-01-01 and 2200-01-01, outside which a time is a mistake of the clock or of its unit.
const YEARS: std::ops::Range<Millis> = 631_152_000_000..7_258_118_400_000;

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// Its cells.
    pub cells: Cells<'a>,
    /// Its time, where the file keeps times as such and not as text.
    pub time: Option<Millis>,
    /// Its number: the line, or the record.
    pub number: u64,
    /// The hash of its raw bytes.
    pub sha256: [u8; 32],
}

/// A table that is being read.
#[derive(Debug)]
pub(super) struct Table<'a> {
    layout: Layout<'a>,
    total: Worker,
    gathered: Option<Gathered>,
}

/// What the columns of a table mean.
#[derive(Debug)]
pub(super) struct Layout<'a> {
    name: String,
    options: &'a ReadOptions,
    head: Head,
    plan: Plan,
    time_column: usize,
    clock_column: Option<usize>,
    account_column: usize,
    /// Columns that hold floating numbers, in which long ids are rounded.
    floats: Vec<usize>,
    /// Whether the file keeps times as such and not as text.
    typed_time: bool,
    repost_columns: bool,
    /// Whether several rows may tell of one post.
    gathers: bool,
}

/// Reads rows, and keeps count of them.
#[derive(Debug)]
pub(super) struct Worker {
    clock: TimeReader,
    post: Post,
    time_text: String,
    /// Posts that wait until all rows are read, as others may tell more of them.
    held: Vec<Post>,
    counts: Counts,
}

/// What is told once for a file and not for each row.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    posts: u64,
    without_id: u64,
    reposts_without_id: u64,
    reposts_by_text: u64,
    times_by_id: u64,
}

/// Posts of which each row tells one object.
#[derive(Debug, Default)]
struct Gathered {
    posts: Vec<(Post, Vec<[u8; 32]>)>,
    /// The place of the post with this id, account and time; only ever asked, never gone through.
    index: HashMap<(String, String, Millis), usize, FxBuildHasher>,
    repeated: u64,
}

/// The columns of a table as its file declares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Names and some rows.
    pub head: Head,
    /// Columns of times.
    pub times: Vec<usize>,
    /// Columns of floating numbers.
    pub floats: Vec<usize>,
}

impl<'a> Table<'a> {
    /// Recognises a table. Where it cannot be read as a whole, the sink is told and `None` returned.
    pub(super) fn new(
        name: &str,
        columns: Columns,
        options: &'a ReadOptions,
        sink: &mut Sink,
    ) -> Result<Option<Self>, ReadError> {
        let Columns {
            mut head,
            times,
            floats,
        } = columns;
        let mut plan = recognise(name, &head, options)?;
        if let Some(names) = &plan.headless {
            head.columns.clone_from(names);
        }
        let mapped = map(name, &head, &mut plan, options)?;
        typed_time(&mut plan, &head, &times, &mapped);
        account_by_name(&mut plan, &head);
        let all = head.columns.join(", ");
        if let Some((field, columns)) = &plan.ambiguous
            && !mapped.contains(field)
        {
            let names: Vec<&str> = columns.iter().map(|&c| head.columns[c].as_str()).collect();
            let detail = format!(
                "{} can all be {}; choose one with --map {}={}",
                names.join(" and "),
                field.word(),
                field.word(),
                names[0]
            );
            sink.refuse(
                None,
                &names.join(", "),
                ProblemKind::AmbiguousColumn,
                detail,
            );
            return Ok(None);
        }
        let objects = plan.columns.iter().any(|(field, _)| field.is_object());
        for (found, kind, what) in [
            (
                plan.column(Field::Time).is_some(),
                ProblemKind::NoTime,
                "a time",
            ),
            (
                plan.column(Field::AccountId).is_some(),
                ProblemKind::NoAccount,
                "an account",
            ),
            (
                objects,
                ProblemKind::NoObject,
                "something that accounts can share",
            ),
        ] {
            if !found {
                sink.refuse(
                    None,
                    "",
                    kind,
                    format!("no column looks like {what} among {all}"),
                );
                return Ok(None);
            }
        }
        let (Some(time_column), Some(account_column)) =
            (plan.column(Field::Time), plan.column(Field::AccountId))
        else {
            return Ok(None);
        };
        let profile = plan.profile;
        let mut clock = TimeReader::new(
            &head.columns[time_column],
            options.time_zone.as_deref().or(profile.zone),
            options.date_order.as_deref().or(profile.date_order),
        )?;
        clock.learn(head.cells(time_column));
        let gathers = plan.column(Field::PostId).is_some()
            && plan
                .columns
                .iter()
                .any(|(field, _)| field.object_kind().is_some());
        let layout = Layout {
            name: name.to_owned(),
            typed_time: times.contains(&time_column),
            options,
            clock_column: plan.column(Field::Clock),
            repost_columns: [Field::IsRepost, Field::RepostOf, Field::RepostOfAccount]
                .iter()
                .any(|field| plan.column(*field).is_some()),
            head,
            plan,
            time_column,
            account_column,
            floats,
            gathers,
        };
        Ok(Some(Self {
            layout,
            total: Worker::new(clock),
            gathered: gathers.then(Gathered::default),
        }))
    }

    /// The column that holds the time.
    pub(super) fn time_column(&self) -> usize {
        self.layout.time_column
    }

    /// Whether the first row is a post already and not a header.
    pub(super) fn headless(&self) -> bool {
        self.layout.plan.headless.is_some()
    }

    /// The layout for all threads, and the worker in which their counts come together.
    pub(super) fn parts(&mut self) -> (&Layout<'a>, &mut Worker) {
        (&self.layout, &mut self.total)
    }

    /// Takes a row. Only a clock without zone stops the reading.
    pub(super) fn row(&mut self, row: Row<'_>, sink: &mut Sink) -> Result<(), ReadError> {
        self.total.row(&self.layout, row, sink)
    }
}

impl Hand for Worker {
    fn fork(&self) -> Self {
        Self::new(self.clock.fork())
    }

    fn agrees(&self, other: &Self) -> bool {
        self.clock.agrees(&other.clock)
    }

    fn absorb(&mut self, other: Self) {
        self.clock.absorb(&other.clock);
        self.held.extend(other.held);
        self.counts.add(other.counts);
    }
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.posts += other.posts;
        self.without_id += other.without_id;
        self.reposts_without_id += other.reposts_without_id;
        self.reposts_by_text += other.reposts_by_text;
        self.times_by_id += other.times_by_id;
    }

    fn post(&mut self, post: &Post) {
        self.posts += 1;
        self.without_id += u64::from(post.post_id.is_empty());
        self.reposts_without_id +=
            u64::from(post.is_repost == Some(true) && post.repost_of.is_empty());
    }
}

impl Worker {
    fn new(clock: TimeReader) -> Self {
        Self {
            clock,
            post: Post::default(),
            time_text: String::new(),
            held: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Takes a row. Only a clock without zone stops the reading.
    pub(super) fn row(
        &mut self,
        layout: &Layout<'_>,
        row: Row<'_>,
        sink: &mut Sink,
    ) -> Result<(), ReadError> {
        sink.row();
        self.post.clear();
        self.post.source.file = sink.file();
        self.post.source.row = row.number;
        self.post.source.sha256 = row.sha256;
        self.fill(layout, &row, sink);
        if self.post.account_id.is_empty() {
            let column = &layout.head.columns[layout.account_column];
            let detail = format!("the column {column} is empty in this row");
            sink.refuse(row.number, column, ProblemKind::NoAccount, detail);
            return Ok(());
        }
        let Some(time) = self.time(layout, &row, sink)? else {
            return Ok(());
        };
        self.post.time = time;
        self.finish_post(layout);
        if layout.gathers {
            self.held.push(self.post.clone());
        } else {
            self.counts.post(&self.post);
            sink.post(&self.post);
        }
        Ok(())
    }

    fn fill(&mut self, layout: &Layout<'_>, row: &Row<'_>, sink: &mut Sink) {
        let mut object_kind = "";
        for &(field, column) in &layout.plan.columns {
            let written = row.cells.get(column).unwrap_or("");
            let cell = written.trim();
            if is_nothing(field, cell, layout.options) {
                continue;
            }
            match field {
                Field::Time | Field::Clock => {}
                Field::Text => self.post.text.push_str(written),
                Field::Urls => items(field, cell, &mut self.post.urls),
                Field::Hashtags => items(field, cell, &mut self.post.hashtags),
                Field::Mentions => items(field, cell, &mut self.post.mentions),
                Field::MediaHash => items(field, cell, &mut self.post.media),
                Field::IsRepost => self.post.is_repost = yes_or_no(cell),
                Field::ObjectKind => object_kind = kind_of_object(cell),
                _ => {
                    let id = if field.is_id() { id(cell) } else { cell };
                    if field.is_id() && is_rounded(id, layout.floats.contains(&column)) {
                        let detail = format!("{cell} has been rounded");
                        let name = &layout.head.columns[column];
                        sink.doubt(row.number, name, ProblemKind::PrecisionLost, detail);
                    }
                    if let Some(kind) = field.object_kind() {
                        self.post.objects.push((kind.to_owned(), id.to_owned()));
                    } else if let Some(slot) = slot(&mut self.post, field) {
                        slot.push_str(id);
                    }
                }
            }
        }
        if !object_kind.is_empty() {
            for object in &mut self.post.objects {
                if object.0.is_empty() {
                    object_kind.clone_into(&mut object.0);
                }
            }
        }
    }

    /// The time of a row, unless it has to be refused.
    fn time(
        &mut self,
        layout: &Layout<'_>,
        row: &Row<'_>,
        sink: &mut Sink,
    ) -> Result<Option<Millis>, ReadError> {
        let column = &layout.head.columns[layout.time_column];
        let mut cell = row.cells.get(layout.time_column).unwrap_or("").trim();
        let time = if let Some(time) = row.time {
            Ok(time)
        } else if is_nothing(Field::Time, cell, layout.options) {
            let detail = format!("the column {column} is empty in this row");
            sink.refuse(row.number, column, ProblemKind::NoTime, detail);
            return Ok(None);
        } else {
            let hour = layout
                .clock_column
                .and_then(|column| row.cells.get(column))
                .map(str::trim)
                .filter(|hour| !hour.is_empty());
            if let Some(hour) = hour {
                self.time_text.clear();
                self.time_text.push_str(cell);
                self.time_text.push(' ');
                self.time_text.push_str(hour);
                cell = &self.time_text;
            }
            let time = self.clock.read(cell);
            if let Some(doubt) = self.clock.take_doubt() {
                sink.doubt(row.number, column, doubt.kind, doubt.detail);
            }
            time
        };
        let (kind, detail) = match time {
            Ok(time) if YEARS.contains(&time) => return Ok(Some(time)),
            Ok(_) => (
                ProblemKind::TimeOutOfRange,
                format!("{cell} is not between 1990 and 2200"),
            ),
            Err(error) => (error.kind, error.detail),
        };
        if kind == ProblemKind::NoZone {
            return Err(ReadError::ZoneNeeded {
                row: row.number,
                column: column.clone(),
                sample: cell.to_owned(),
                name: layout.name.clone(),
            });
        }
        sink.refuse(row.number, column, kind, detail);
        Ok(None)
    }

    /// What follows from other fields.
    fn finish_post(&mut self, layout: &Layout<'_>) {
        let post = &mut self.post;
        let profile = layout.plan.profile;
        if post.platform.is_empty() {
            post.platform.push_str(layout.plan.platform);
        } else {
            post.platform.make_ascii_lowercase();
        }
        if let Some(finish) = profile.finish {
            finish(post);
        }
        if profile.time_from_id
            && let Some(exact) = time::snowflake_millis(&post.post_id)
            && exact.div_euclid(60_000) == post.time.div_euclid(60_000)
        {
            post.time = exact;
            self.counts.times_by_id += 1;
        }
        if layout.repost_columns {
            if post.is_repost.is_none() && layout.plan.column(Field::IsRepost).is_none() {
                let named = !post.repost_of.is_empty() || !post.repost_of_account.is_empty();
                post.is_repost = Some(named);
            } else if !post.repost_of.is_empty() && post.is_repost.is_none() {
                post.is_repost = Some(true);
            }
        }
        let by_text = match post.is_repost {
            Some(is_repost) => is_repost && post.repost_of_account.is_empty(),
            None => !layout.repost_columns,
        };
        if by_text && let Some(name) = reposted_by_text(&post.text) {
            post.repost_of_account.push_str(name);
            post.is_repost = Some(true);
            self.counts.reposts_by_text += 1;
        }
    }
}

impl Table<'_> {
    /// Hands over what was held back, and says what was recognised.
    pub(super) fn finish(mut self, sink: &mut Sink) -> Recognised {
        let Worker {
            mut counts,
            held,
            clock,
            ..
        } = self.total;
        let layout = self.layout;
        let mut notes = layout.plan.notes.clone();
        if let Some(mut gathered) = self.gathered.take() {
            for post in held {
                gathered.take(post);
            }
            if gathered.repeated > 0 {
                notes.push(format!(
                    "{} rows repeat an object that an earlier row of the same post names",
                    gathered.repeated
                ));
            }
            for (mut post, hashes) in gathered.posts {
                post.source.sha256 = hash_of_hashes(hashes);
                counts.post(&post);
                sink.post(&post);
            }
        }
        let name = |field| {
            layout
                .plan
                .column(field)
                .map_or("", |column| layout.head.columns[column].as_str())
        };
        if counts.posts > 0 && layout.plan.column(Field::PostId).is_none() {
            let detail = "no column holds the id of a post";
            sink.doubt(None, "", ProblemKind::MissingId, detail);
        } else if counts.without_id > 0 {
            let detail = format!("{} of {} posts have no id", counts.without_id, counts.posts);
            sink.doubt(None, name(Field::PostId), ProblemKind::MissingId, detail);
        }
        if counts.reposts_without_id > 0 {
            let detail = format!(
                "{} reposts do not say which post they repeat",
                counts.reposts_without_id
            );
            let column = name(Field::RepostOf);
            sink.doubt(None, column, ProblemKind::RepostWithoutId, detail);
        }
        if counts.reposts_by_text > 0 {
            notes.push(format!(
                "the account that is repeated was taken from a text of the form \"RT @name:\" in {} posts",
                counts.reposts_by_text
            ));
        }
        let mut source = name(Field::Time).to_owned();
        if counts.times_by_id > 0 {
            let whole = counts.times_by_id == counts.posts;
            notes.push(format!(
                "the milliseconds were recovered from the snowflake id of {} of {} posts",
                counts.times_by_id, counts.posts
            ));
            source = if whole {
                format!("snowflake id in {}", name(Field::PostId))
            } else {
                format!(
                    "{source}, snowflake id in {} where it agrees",
                    name(Field::PostId)
                )
            };
        }
        let used: Vec<usize> = layout.plan.columns.iter().map(|(_, c)| *c).collect();
        let columns = &layout.head.columns;
        Recognised {
            format: layout.plan.profile.name.to_owned(),
            why: layout.plan.why,
            mapping: (layout.plan.columns.iter())
                .map(|&(field, column)| (field.word().to_owned(), columns[column].clone()))
                .collect(),
            unmapped: (0..columns.len())
                .filter(|column| !used.contains(column))
                .map(|column| columns[column].clone())
                .collect(),
            // A clock stays as coarse as it was written while some times are not recovered.
            resolution_ms: (counts.times_by_id < counts.posts && !layout.typed_time)
                .then(|| clock.clock().resolution_ms),
            clock_source: source,
            notes,
        }
    }
}

impl Gathered {
    fn take(&mut self, post: Post) {
        let hash = post.source.sha256;
        if post.post_id.is_empty() {
            self.posts.push((post, vec![hash]));
            return;
        }
        let key = (post.post_id.clone(), post.account_id.clone(), post.time);
        if let Some(&place) = self.index.get(&key) {
            let (known, hashes) = &mut self.posts[place];
            let before = known.objects.len();
            for object in post.objects {
                if !known.objects.contains(&object) {
                    known.objects.push(object);
                }
            }
            self.repeated += u64::from(known.objects.len() == before);
            hashes.push(hash);
        } else {
            self.index.insert(key, self.posts.len());
            self.posts.push((post, vec![hash]));
        }
    }
}

/// The hash of a post that several rows tell: of their hashes, sorted and laid end to end.
fn hash_of_hashes(mut hashes: Vec<[u8; 32]>) -> [u8; 32] {
    if let [one] = hashes[..] {
        return one;
    }
    hashes.sort_unstable();
    Sha256::digest(hashes.concat()).into()
}

fn recognise(name: &str, head: &Head, options: &ReadOptions) -> Result<Plan, ReadError> {
    if let Some(format) = &options.format {
        let profile = Profile::named(format).ok_or_else(|| ReadError::UnknownFormat {
            name: format.clone(),
            known: super::formats().join(", "),
        })?;
        let mut plan = (profile.plan)(profile, head).ok_or_else(|| ReadError::NotThisFormat {
            name: name.to_owned(),
            format: profile.name.to_owned(),
            needs: profile.marks.join(", "),
            columns: head.columns.join(", "),
        })?;
        "it was named with --format".clone_into(&mut plan.why);
        return Ok(plan);
    }
    Ok(profiles::ALL
        .iter()
        .find_map(|profile| (profile.plan)(profile, head))
        .expect("the generic profile takes every table"))
}

/// Takes the fields that the caller mapped, and returns them.
fn map(
    name: &str,
    head: &Head,
    plan: &mut Plan,
    options: &ReadOptions,
) -> Result<Vec<Field>, ReadError> {
    let mut mapped = Vec::new();
    for (word, column) in &options.map {
        let field = super::field(word)?;
        let place = head.find(column).ok_or_else(|| ReadError::MissingColumn {
            name: name.to_owned(),
            field: field.word().to_owned(),
            column: column.clone(),
            columns: head.columns.join(", "),
        })?;
        plan.set(field, place);
        mapped.push(field);
    }
    Ok(mapped)
}

/// A column that the file itself declares as times is the time, if no other is called so.
fn typed_time(plan: &mut Plan, head: &Head, times: &[usize], mapped: &[Field]) {
    if plan.column(Field::Time).is_none() && !mapped.contains(&Field::Time) {
        match times {
            [] => {}
            [one] => {
                plan.set(Field::Time, *one);
                plan.notes.push(format!(
                    "{} is the time because no other column holds times",
                    head.columns[*one]
                ));
            }
            many => plan.ambiguous = Some((Field::Time, many.to_vec())),
        }
    }
}

/// Where the column of ids is empty throughout, the names are the accounts.
fn account_by_name(plan: &mut Plan, head: &Head) {
    if let (Some(id), Some(name)) = (
        plan.column(Field::AccountId),
        plan.column(Field::AccountName),
    ) && head.cells(id).next().is_none()
        && head.cells(name).next().is_some()
    {
        plan.set(Field::AccountId, name);
        plan.columns
            .retain(|(field, _)| *field != Field::AccountName);
        plan.notes.push(format!(
            "{} is empty in the first rows, so {} stands for the account",
            head.columns[id], head.columns[name]
        ));
    }
}

fn is_nothing(field: Field, cell: &str, options: &ReadOptions) -> bool {
    cell.is_empty()
        || options.missing.iter().any(|missing| missing == cell)
        || (cell.len() <= 4
            && !matches!(field, Field::Text | Field::AccountName)
            && NOTHING.contains(&cell))
}

/// An id without the `.0` that a table of numbers puts behind it.
fn id(cell: &str) -> &str {
    match cell.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) => whole,
        _ => cell,
    }
}

/// Whether an id has lost digits: in exponent form, or beyond what a floating number can hold.
fn is_rounded(id: &str, float: bool) -> bool {
    let bytes = id.as_bytes();
    if float {
        return id.parse::<u64>().is_ok_and(|id| id > 1 << 53);
    }
    let Some(at) = bytes.iter().position(|b| matches!(b, b'e' | b'E')) else {
        return false;
    };
    let digits = |part: &[u8]| !part.is_empty() && part.iter().all(u8::is_ascii_digit);
    let (mantissa, exponent) = (&bytes[..at], &bytes[at + 1..]);
    exponent.first() == Some(&b'+')
        && digits(&exponent[1..])
        && digits(&mantissa[..1.min(mantissa.len())])
        && mantissa
            .iter()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
}

/// The account in a text that begins with `RT @name:`.
fn reposted_by_text(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("RT @")?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))?;
    (end > 0 && rest[end..].starts_with(':')).then(|| &rest[..end])
}

fn kind_of_object(cell: &str) -> &'static str {
    match plain(cell).as_str() {
        "repost" | "retweet" | "share" | "reblog" | "forward" => "repost",
        "link" | "url" => "link",
        "hashtag" | "tag" => "hashtag",
        "text" | "message" => "text",
        "media" | "image" | "video" | "phash" => "media",
        "reply" => "reply",
        "domain" => "domain",
        _ => "",
    }
}

fn slot(post: &mut Post, field: Field) -> Option<&mut String> {
    Some(match field {
        Field::PostId => &mut post.post_id,
        Field::AccountId => &mut post.account_id,
        Field::AccountName => &mut post.account_name,
        Field::Lang => &mut post.lang,
        Field::Platform => &mut post.platform,
        Field::RepostOf => &mut post.repost_of,
        Field::RepostOfAccount => &mut post.repost_of_account,
        Field::QuoteOf => &mut post.quote_of,
        Field::ReplyTo => &mut post.reply_to,
        Field::ReplyToAccount => &mut post.reply_to_account,
        Field::LinkTitle => &mut post.link_title,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_number_columns_are_whole_and_rounded_ones_are_noticed() {
        assert_eq!(id("129235.0"), "129235");
        assert_eq!(id("v1.0"), "v1.0");
        for (cell, float, rounded) in [
            ("1.23E+18", false, true),
            ("1,23E+18", false, true),
            ("12e5", false, false),
            ("e+5", false, false),
            ("914580356430536707", false, false),
            ("914580356430536707", true, true),
            ("129235", true, false),
        ] {
            assert_eq!(is_rounded(cell, float), rounded, "{cell}");
        }
    }

    #[test]
    fn a_text_tells_whom_it_repeats() {
        assert_eq!(reposted_by_text("RT @a_1: hello"), Some("a_1"));
        assert_eq!(reposted_by_text("RT @a_1 hello"), None);
        assert_eq!(reposted_by_text("see RT @a: hello"), None);
        assert_eq!(reposted_by_text("RT @"), None);
    }
}
