//! What innocent reading fits? Each label is a rule with its figures; it explains, it never acquits.
//!
//! A covert network that pushes one site from many pages matches the first label exactly. So labels
//! sort and word the list, and every label that matches is given with the figures it rests on; nothing
//! is removed. Order matters only for which reading is called the strongest.

pub mod facts;

use facts::Facts;

/// An innocent reading.
#[derive(Clone, Copy)]
pub struct Label {
    /// The word in `looks_like`.
    pub id: &'static str,
    /// The rule, in words, with its thresholds.
    pub rule: &'static str,
    /// What an innocent group of this kind is, as a sentence that begins the strongest innocent
    /// reading.
    pub reading: &'static str,
    /// Whether the group matches, and the figures.
    pub matches: fn(&Facts<'_>) -> Option<Figures>,
}

impl std::fmt::Debug for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Label")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What a match rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// The figure that the rule decides by.
    pub value: f64,
    /// What it had to reach.
    pub threshold: f64,
    /// The figures as words for a reader.
    pub words: String,
}

/// A label that a group carries.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The word in `looks_like`.
    pub label: &'static str,
    /// The sentence that begins the reading.
    pub reading: &'static str,
    /// What it rests on.
    pub figures: Figures,
}

macro_rules! labels {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// Every label, in the order in which the first match is called the strongest.
        pub const LABELS: &[Label] = &[$($module::LABEL,)*];
    };
}

labels! {
    single_outlet_pages
    shared_graphics
    single_outlet_readers
    one_hub_site
    page_network
    scheduler
    many_outlets
    popular_items
    syndication
    audience
    slow_same_items
    same_interests
    declared
}

/// Every label that the group matches, in order.
pub fn readings(facts: &Facts<'_>) -> Vec<Reading> {
    LABELS
        .iter()
        .filter_map(|label| {
            (label.matches)(facts).map(|figures| Reading {
                label: label.id,
                reading: label.reading,
                figures,
            })
        })
        .collect()
}

/// A share as a whole number of percent, for a sentence.
fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// `Some` if the value reaches the threshold.
fn at_least(value: f64, threshold: f64, words: impl FnOnce() -> String) -> Option<Figures> {
    (value >= threshold).then(|| Figures {
        value,
        threshold,
        words: words(),
    })
}

#[cfg(test)]
mod tests;
