//! Any table whose columns have names that are understood.

use super::super::fields::Field;
use super::{Head, Plan, Profile};

pub(super) const PROFILE: Profile = Profile {
    name: "table",
    says: "a table of posts with columns of usual names",
    plan,
    ..Profile::BASE
};

#[expect(
    clippy::unnecessary_wraps,
    reason = "other profiles do not take every table"
)]
fn plan(profile: &'static Profile, head: &Head) -> Option<Plan> {
    let mut plan = Plan::new(profile, String::new());
    for &field in Field::ALL {
        let mut fitting: Vec<(usize, usize)> = (0..head.columns.len())
            .filter_map(|column| Some((field.rank(&head.columns[column])?, column)))
            .collect();
        fitting.sort_unstable();
        let Some(&(best, column)) = fitting.first() else {
            continue;
        };
        let equals: Vec<usize> = fitting
            .iter()
            .take_while(|(rank, _)| *rank == best)
            .map(|(_, column)| *column)
            .collect();
        if equals.len() > 1 {
            plan.ambiguous.get_or_insert((field, equals));
        } else if field == Field::Time && fitting.len() > 1 {
            let others: Vec<&str> = fitting[1..]
                .iter()
                .map(|&(_, column)| head.columns[column].as_str())
                .collect();
            plan.notes.push(format!(
                "the time is taken from {}, which leaves no doubt about its zone, and not from {}",
                head.columns[column],
                others.join(", ")
            ));
        }
        plan.set(field, column);
    }
    // The kind of an object says nothing where there is no object.
    if plan.column(Field::ObjectId).is_none() {
        plan.columns
            .retain(|(field, _)| *field != Field::ObjectKind);
    }
    // A name is the account where no id stands beside it.
    if plan.column(Field::AccountId).is_none()
        && let Some(column) = plan.column(Field::AccountName)
    {
        plan.set(Field::AccountId, column);
        plan.columns
            .retain(|(field, _)| *field != Field::AccountName);
    }
    let names: Vec<&str> = plan
        .columns
        .iter()
        .map(|&(_, column)| head.columns[column].as_str())
        .collect();
    plan.why = if names.is_empty() {
        "no other format was recognised".to_owned()
    } else {
        format!("the names {} are understood", names.join(", "))
    };
    Some(plan)
}
