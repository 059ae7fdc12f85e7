//! What behaviour do we look for? One file each, one word in the list below.
//!
//! A detector says which objects a post puts before people, as one behaviour sees them. Its file holds
//! its card (what it is called, the question it answers, the page that explains it) and the function
//! that finds the objects. Everything else follows from the list: `concerted detectors`, `explain`,
//! the report, the table of results and the shared suite of laws. Results carry the detector as a
//! value; nothing outside this folder names one.

use crate::normalize::View;
use crate::share::ObjectKind;

/// Hands the key of every object of a post to the function.
pub type FindObjects = fn(&View<'_>, &mut dyn FnMut(&str));

/// A behaviour to look for.
#[derive(Clone, Copy)]
pub struct Detector {
    /// Its name in results and on the command line, for example `co-link`.
    pub id: &'static str,
    /// The question it answers.
    pub question: &'static str,
    /// What kind of thing its objects are.
    pub kind: ObjectKind,
    /// Its page: what it looks for, why it matters, what also looks like it, parameters, references.
    pub doc: &'static str,
    /// Finds the objects of a post and hands the key of each to the function.
    pub objects: FindObjects,
}

impl std::fmt::Debug for Detector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Detector")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

macro_rules! detectors {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// Every detector, in the order in which results list them.
        pub const DETECTORS: &[Detector] = &[$($module::DETECTOR,)*];
    };
}

/// Turns the doc comment of a detector into its page, so that it is written once.
macro_rules! detector {
    ($(#[doc = $line:literal])* $id:literal asks $question:literal over $kind:ident $objects:expr) => {
        $(#[doc = $line])*
        pub(super) const DETECTOR: super::Detector = super::Detector {
            id: $id,
            question: $question,
            kind: crate::share::ObjectKind::$kind,
            doc: concat!($($line, "\n",)*),
            objects: $objects,
        };
    };
}

detectors! {
    co_repost
    co_link
    co_hashtag
    near_duplicate_text
    co_media
    co_reply
    co_share
}

/// The detector with this id.
pub fn by_id(id: &str) -> Option<&'static Detector> {
    DETECTORS.iter().find(|detector| detector.id == id)
}

#[cfg(test)]
mod tests;
