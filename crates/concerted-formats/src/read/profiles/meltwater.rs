//! The export of Meltwater, with lines about the query above its header and, in some versions, day
//! and hour in two columns.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "meltwater",
    says: "Meltwater",
    marks: &["Date", "Document ID", "Hit Sentence"],
    columns: &[
        (Field::PostId, &["Document ID"]),
        (Field::AccountId, &["Author Handle", "Author Name"]),
        (Field::AccountName, &["Author Name"]),
        (Field::Time, &["Date"]),
        (Field::Clock, &["Time"]),
        (Field::Text, &["Hit Sentence", "Opening Text"]),
        (Field::Lang, &["Language"]),
        (Field::Platform, &["Source", "Source Name"]),
        (Field::Urls, &["Links"]),
        (Field::Hashtags, &["Hashtags"]),
        (Field::LinkTitle, &["Headline", "Title"]),
    ],
    ..Profile::BASE
};
