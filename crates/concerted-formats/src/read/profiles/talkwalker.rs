//! The export of Talkwalker. Its `published` counts milliseconds or is a text with zone.

use super::super::fields::Field;
use super::Profile;

pub(super) const PROFILE: Profile = Profile {
    name: "talkwalker",
    says: "Talkwalker",
    marks: &["published", "content", "extra_author_attributes.id"],
    columns: &[
        (Field::PostId, &["url"]),
        (Field::AccountId, &["extra_author_attributes.id"]),
        (
            Field::AccountName,
            &[
                "extra_author_attributes.short_name",
                "extra_author_attributes.name",
            ],
        ),
        (Field::Time, &["published"]),
        (Field::Text, &["content"]),
        (Field::Lang, &["lang"]),
        (Field::Platform, &["extra_source_attributes.name"]),
        (
            Field::Hashtags,
            &["extra_article_attributes.hashtags", "hashtags"],
        ),
        (Field::LinkTitle, &["title"]),
    ],
    ..Profile::BASE
};
