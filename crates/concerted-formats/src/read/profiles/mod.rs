//! Which export is this table, and what do its columns mean?
//!
//! One file a format and one line in [`ALL`]. A profile says by which columns it is recognised, what
//! its columns mean, and what is odd about it: a clock of whole minutes, a zone that only its makers'
//! documentation tells. The first profile that recognises a table reads it; the generic one is last.

mod brandwatch;
mod cooretweet;
mod crowdtangle;
mod four_cat;
mod generic;
mod german_wide;
mod ira;
mod meltwater;
mod meta_content_library;
mod minet;
mod qut;
mod talkwalker;
mod twarc_csv;
mod twitter_io;

use super::fields::{Field, plain};
use concerted_engine::post::Post;
use csv::StringRecord;

/// Every profile, in the order in which they are asked.
pub const ALL: &[&Profile] = &[
    &twitter_io::PROFILE,
    &ira::PROFILE,
    &four_cat::PROFILE,
    &twarc_csv::PROFILE,
    &minet::PROFILE,
    &crowdtangle::PROFILE,
    &meta_content_library::PROFILE,
    &brandwatch::PROFILE,
    &meltwater::PROFILE,
    &talkwalker::PROFILE,
    &german_wide::PROFILE,
    &cooretweet::PROFILE,
    &qut::PROFILE,
    &generic::PROFILE,
];

/// What is known of one format of tables.
#[derive(Debug)]
pub struct Profile {
    /// The word of `--format`.
    pub name: &'static str,
    /// What it is, for a person to read.
    pub says: &'static str,
    /// Columns that a table of this format has, all of them.
    pub marks: &'static [&'static str],
    /// What its columns mean; of several names the first that the table has is taken.
    pub columns: &'static [(Field, &'static [&'static str])],
    /// How a table is recognised and mapped; by its marks unless the format needs more.
    pub plan: fn(&'static Profile, &Head) -> Option<Plan>,
    /// The zone of its clock where documentation tells it.
    pub zone: Option<&'static str>,
    /// The order of day and month where documentation tells it.
    pub date_order: Option<&'static str>,
    /// The platform, where it is always the same.
    pub platform: &'static str,
    /// Whether post ids are snowflakes that tell the milliseconds the time column lacks.
    pub time_from_id: bool,
    /// What else must be done to a post.
    pub finish: Option<fn(&mut Post)>,
    /// What the analyst should know.
    pub notes: &'static [&'static str],
}

impl Profile {
    /// A profile that says nothing, to write the others shorter.
    const BASE: Self = Self {
        name: "",
        says: "",
        marks: &[],
        columns: &[],
        plan: by_marks,
        zone: None,
        date_order: None,
        platform: "",
        time_from_id: false,
        finish: None,
        notes: &[],
    };

    /// The profile with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        ALL.iter()
            .copied()
            .find(|profile| plain(profile.name) == plain(name))
    }
}

/// The first rows of a table.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Some of its rows, without the header.
    pub rows: Vec<StringRecord>,
}

impl Head {
    /// The column with this name, without regard to case and punctuation.
    pub fn find(&self, name: &str) -> Option<usize> {
        // The same name but for punctuation may stand twice; the exact one is meant then.
        let exact = self.columns.iter().position(|column| column == name);
        let name = plain(name);
        exact.or_else(|| self.columns.iter().position(|column| plain(column) == name))
    }

    /// The cells of a column in the sample that are not empty.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = &str> {
        self.rows
            .iter()
            .filter_map(move |row| row.get(column))
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
    }
}

/// How a table is going to be read.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The format.
    pub profile: &'static Profile,
    /// Why it was taken for that format.
    pub why: String,
    /// What is taken from which column, in the order of the columns.
    pub columns: Vec<(Field, usize)>,
    /// Names that the columns have by position, where the first row is a post already.
    pub headless: Option<Vec<String>>,
    /// The platform, where it is always the same.
    pub platform: &'static str,
    /// Two columns that fit the same field equally well.
    pub ambiguous: Option<(Field, Vec<usize>)>,
    /// What the analyst should know of the choice.
    pub notes: Vec<String>,
}

impl Plan {
    fn new(profile: &'static Profile, why: String) -> Self {
        Self {
            profile,
            why,
            columns: Vec::new(),
            headless: None,
            platform: profile.platform,
            ambiguous: None,
            notes: profile.notes.iter().map(|&note| note.into()).collect(),
        }
    }

    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns
            .iter()
            .find(|(of, _)| *of == field)
            .map(|(_, column)| *column)
    }

    /// Takes a field from a column, instead of any other.
    pub fn set(&mut self, field: Field, column: usize) {
        self.columns.retain(|(of, _)| *of != field);
        self.columns.push((field, column));
        self.columns.sort_by_key(|&(field, column)| (column, field));
    }
}

/// Recognises a table that has all the columns of [`Profile::marks`].
fn by_marks(profile: &'static Profile, head: &Head) -> Option<Plan> {
    if !profile.marks.iter().all(|mark| head.find(mark).is_some()) {
        return None;
    }
    let why = format!(
        "it has the columns {} of {}",
        profile.marks.join(", "),
        profile.says
    );
    let mut plan = Plan::new(profile, why);
    for (field, names) in profile.columns {
        if let Some(column) = names.iter().find_map(|name| head.find(name)) {
            plan.set(*field, column);
        }
    }
    Some(plan)
}
