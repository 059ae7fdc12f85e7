//! The table that the QUT coordination network toolkit reads: eight columns, by order and not by name.

use super::super::fields::Field;
use super::{Head, Plan, Profile};
use csv::StringRecord;

/// The columns in their order.
const COLUMNS: [(Field, &str); 8] = [
    (Field::PostId, "message_id"),
    (Field::AccountId, "user_id"),
    (Field::AccountName, "username"),
    (Field::RepostOf, "repost_id"),
    (Field::ReplyTo, "reply_id"),
    (Field::Text, "message"),
    (Field::Time, "timestamp"),
    (Field::Urls, "urls"),
];

pub(super) const PROFILE: Profile = Profile {
    name: "qut",
    says: "the QUT coordination network toolkit",
    columns: &[
        (Field::PostId, &["column 1"]),
        (Field::AccountId, &["column 2"]),
        (Field::AccountName, &["column 3"]),
        (Field::RepostOf, &["column 4"]),
        (Field::ReplyTo, &["column 5"]),
        (Field::Text, &["column 6"]),
        (Field::Time, &["column 7"]),
        (Field::Urls, &["column 8"]),
    ],
    plan,
    ..Profile::BASE
};

fn plan(profile: &'static Profile, head: &Head) -> Option<Plan> {
    if head.columns.len() != COLUMNS.len() {
        return None;
    }
    let headless = fits(&StringRecord::from(head.columns.clone()));
    if !headless && (head.rows.is_empty() || !head.rows.iter().all(fits)) {
        return None;
    }
    let mut plan = Plan::new(
        profile,
        format!(
            "it has the eight columns of {}, by what stands in them{}",
            profile.says,
            if headless { ", and no header" } else { "" }
        ),
    );
    for (column, (field, _)) in COLUMNS.iter().enumerate() {
        plan.set(*field, column);
    }
    plan.headless = headless.then(|| COLUMNS.map(|(_, name)| name.to_owned()).to_vec());
    Some(plan)
}

/// Whether a row could be one of the toolkit: seconds in the seventh column, links or nothing in the
/// eighth, ids without spaces in the first, second, fourth and fifth.
fn fits(row: &StringRecord) -> bool {
    let cell = |column: usize| row.get(column).unwrap_or("").trim();
    let id = |column: usize| !cell(column).contains(char::is_whitespace);
    let seconds = cell(6).parse::<f64>();
    row.len() == COLUMNS.len()
        && seconds.is_ok_and(|seconds| (6.0e8..1.0e13).contains(&seconds))
        && (cell(7).is_empty() || cell(7).contains("://") || cell(7).starts_with('['))
        && [0, 1, 3, 4].into_iter().all(id)
        && !cell(0).is_empty()
        && !cell(1).is_empty()
}
