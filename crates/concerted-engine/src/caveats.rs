//! Every caution we can give, each with what to do about it.
//!
//! A caveat is printed in the terminal, the tables and the report alike; `concerted explain` gives the
//! advice. Adding one is adding a variant.

/// A caution about a result.
#[derive(Clone, Debug, PartialEq)]
pub enum Caveat {
    /// Fewer active accounts or shares than a group could be told from chance among.
    LittleData {
        /// Accounts with at least two shares.
        active: u64,
        /// Shares.
        shares: u64,
    },
    /// The clock is too coarse for the short windows.
    CoarseClock {
        /// Step of the clock in seconds.
        resolution_s: i64,
    },
    /// Reposts were matched by account and text.
    RepostsByText {
        /// How many.
        reposts: usize,
    },
    /// Reposts name neither the original nor its account.
    RepostsUnmatched {
        /// How many.
        reposts: usize,
    },
    /// The export does not say which posts are reposts.
    OriginalsUnknown,
    /// Links behind shorteners are compared as they stand.
    ShortLinks {
        /// How many distinct ones.
        links: usize,
    },
    /// Crowds on one object were counted and left out of pairs.
    Crowds {
        /// Slots that formed no pair.
        slots: u64,
        /// Meetings not formed.
        meetings: u64,
    },
    /// Texts met more candidates than they were compared with.
    TextsCapped {
        /// How many distinct texts.
        texts: usize,
    },
    /// Posts repeat others and were set aside.
    Duplicates {
        /// How many rows.
        rows: usize,
    },
    /// Permuted copies held groups, so some of those found are chance.
    ChanceGroups {
        /// Groups on all copies together.
        groups: u64,
        /// Copies.
        copies: usize,
    },
    /// No control ran.
    NoControls,
    /// Strata are small, so a real network can survive the shuffle.
    SmallStrata {
        /// Messages in the stratum of the median message.
        messages: u32,
        /// Length of the stratum in hours.
        hours: i64,
    },
    /// Rows of the input were refused.
    RowsRefused {
        /// How many.
        rows: u64,
        /// Of how many.
        of: u64,
    },
}

impl Caveat {
    /// The word for tables and for `concerted explain`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::LittleData { .. } => "little-data",
            Self::CoarseClock { .. } => "coarse-clock",
            Self::RepostsByText { .. } => "reposts-by-text",
            Self::RepostsUnmatched { .. } => "reposts-unmatched",
            Self::OriginalsUnknown => "originals-unknown",
            Self::ShortLinks { .. } => "short-links",
            Self::Crowds { .. } => "crowds",
            Self::TextsCapped { .. } => "texts-capped",
            Self::Duplicates { .. } => "duplicates",
            Self::ChanceGroups { .. } => "chance-groups",
            Self::NoControls => "no-controls",
            Self::SmallStrata { .. } => "small-strata",
            Self::RowsRefused { .. } => "rows-refused",
        }
    }

    /// What is the matter, with its figures.
    pub fn says(&self) -> String {
        match self {
            Self::LittleData { active, shares } => format!(
                "{active} accounts share at least two things, {shares} shares in all; a small group among so few cannot be told from chance"
            ),
            Self::CoarseClock { resolution_s } => {
                format!("times come in steps of {resolution_s} s; nothing faster can be seen")
            }
            Self::RepostsByText { reposts } => {
                format!("{reposts} reposts carry no id of the original and were matched by account and text")
            }
            Self::RepostsUnmatched { reposts } => {
                format!("{reposts} reposts name neither the original nor its account and could be matched by nothing")
            }
            Self::OriginalsUnknown => {
                "the export does not say which posts are reposts; all of them were searched as originals".into()
            }
            Self::ShortLinks { links } => {
                format!("{links} links stand behind a shortener and were compared as they stand")
            }
            Self::Crowds { slots, meetings } => format!(
                "{slots} shares stood in crowds on one object; the {meetings} meetings of two accounts in them say nothing and were not counted as pairs"
            ),
            Self::TextsCapped { texts } => {
                format!("{texts} texts resembled more others than each was compared with; near-duplicates may be split")
            }
            Self::Duplicates { rows } => format!("{rows} rows repeat a post and were set aside"),
            Self::ChanceGroups { groups, copies } => {
                format!("{groups} groups appeared on {copies} copies with permuted accounts, where there is nothing to find")
            }
            Self::NoControls => "no control ran, so what chance gives on these data was not measured".into(),
            Self::SmallStrata { messages, hours } => format!(
                "a message shares its {hours} hours with {messages} others; so few leave part of a real network in place when accounts are permuted"
            ),
            Self::RowsRefused { rows, of } => format!("{rows} of {of} rows were refused"),
        }
    }

    /// What the analyst can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::LittleData { .. } => {
                "Collect more, above all the ordinary posts of the same accounts and of others in the same hours."
            }
            Self::CoarseClock { .. } => {
                "Export with seconds if the platform gives them; ids of posts often hold milliseconds."
            }
            Self::RepostsByText { .. } | Self::RepostsUnmatched { .. } => {
                "Export the id of the reposted post, and map it with --map repost_of=COLUMN."
            }
            Self::OriginalsUnknown => "Map the column that tells with --map is_repost=COLUMN.",
            Self::ShortLinks { .. } => {
                "Resolve short links where you collect, and map the resolved ones with --map urls=COLUMN."
            }
            Self::Crowds { .. } => "Nothing; such crowds carry no evidence of any two accounts.",
            Self::TextsCapped { .. } => {
                "Look at the largest text objects in evidence.parquet before you quote their size."
            }
            Self::Duplicates { .. } => "Nothing, if exports overlap; else look at problems.csv.",
            Self::ChanceGroups { .. } => {
                "Read the weakest groups as leads and not as findings; start from the best scores."
            }
            Self::NoControls => "Run again with --controls 20.",
            Self::SmallStrata { .. } => "Read the permuted count as an upper bound of chance.",
            Self::RowsRefused { .. } => {
                "Look at problems.csv for the reasons, file by file and row by row."
            }
        }
    }

    /// The id and advice of every caveat, for `concerted explain`.
    pub fn all() -> Vec<Self> {
        vec![
            Self::LittleData {
                active: 0,
                shares: 0,
            },
            Self::CoarseClock { resolution_s: 60 },
            Self::RepostsByText { reposts: 0 },
            Self::RepostsUnmatched { reposts: 0 },
            Self::OriginalsUnknown,
            Self::ShortLinks { links: 0 },
            Self::Crowds {
                slots: 0,
                meetings: 0,
            },
            Self::TextsCapped { texts: 0 },
            Self::Duplicates { rows: 0 },
            Self::ChanceGroups {
                groups: 0,
                copies: 0,
            },
            Self::NoControls,
            Self::SmallStrata {
                messages: 0,
                hours: 6,
            },
            Self::RowsRefused { rows: 0, of: 0 },
        ]
    }
}
