//! What a person says of the camps: accounts or tags known to stand on a side, and which issues are one.
//!
//! Seeds turn the camps round and give them names. They never choose the axis: letting them choose among
//! several made it worse in every trial.

use std::collections::BTreeSet;

/// Fewest placed seeds of a side.
pub const LEAST: usize = 3;

/// Accounts and tags that a person places on a side, and what the side is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Side {
    /// What the person calls it; empty for "the side of ...".
    pub name: String,
    /// Account ids, and tags with a leading `#`.
    pub seeds: Vec<String>,
}

/// What the camps are called. A name comes from a person's seeds and from nowhere else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CampNames {
    given: Option<[String; 2]>,
}

impl CampNames {
    /// The name of camp A or B in a sentence.
    pub fn of(&self, b: bool) -> &str {
        match &self.given {
            Some(names) => &names[usize::from(b)],
            None if b => "camp B",
            None => "camp A",
        }
    }

    /// Whether a person named them.
    pub fn are_given(&self) -> bool {
        self.given.is_some()
    }
}

/// How the seeds fell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seeded {
    /// What the camps are called.
    pub names: CampNames,
    /// Whether what was fitted as camp B is the side that was named first.
    pub turned: bool,
    /// For each side how many seeds were placed, and how many of them in the camp that got its name.
    pub placed: [(usize, usize); 2],
    /// Why the seeds were not used, if they were given and were not.
    pub refused: Option<String>,
}

/// Turns and names the camps by seeds. `place` says in which camp (B or A) a seed stands, if in any.
pub fn seeded(sides: &[Side; 2], place: impl Fn(&str) -> Option<bool>) -> Seeded {
    if sides.iter().all(|side| side.seeds.is_empty()) {
        return Seeded::default();
    }
    let counts = [0, 1].map(|side: usize| {
        let distinct: BTreeSet<&str> = sides[side].seeds.iter().map(String::as_str).collect();
        let placed: Vec<bool> = distinct.into_iter().filter_map(&place).collect();
        let in_b = placed.iter().filter(|&&b| b).count();
        (placed.len(), in_b)
    });
    let refuse = |why: String, placed| Seeded {
        refused: Some(why),
        placed,
        ..Seeded::default()
    };
    if counts.iter().any(|&(placed, _)| placed < LEAST) {
        return refuse(
            format!(
                "of the seeds {} and {} could be placed; each side needs {LEAST}",
                counts[0].0, counts[1].0
            ),
            counts.map(|(placed, _)| (placed, 0)),
        );
    }
    let turned = counts[0].1 * 2 > counts[0].0;
    let right = [0, 1].map(|side: usize| {
        let (placed, in_b) = counts[side];
        let in_its_own = if (side == 1) == turned {
            placed - in_b
        } else {
            in_b
        };
        (placed, in_its_own)
    });
    // Two in three on each side, or the camps are about something else.
    if right.iter().any(|&(placed, own)| 3 * own < 2 * placed) {
        return refuse(
            "the seeds of one side stand in both camps, so that the camps divide along another line".to_owned(),
            right,
        );
    }
    let names = [0, 1].map(|side: usize| {
        if sides[side].name.trim().is_empty() {
            format!("the side of {}", listed(&sides[side].seeds))
        } else {
            sides[side].name.trim().to_owned()
        }
    });
    Seeded {
        names: CampNames { given: Some(names) },
        turned,
        placed: right,
        refused: None,
    }
}

/// "x, y and z", of more than three the first three.
fn listed(seeds: &[String]) -> String {
    match seeds {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, third, ..] => format!("{first}, {second} and {third}"),
    }
}

/// What a person says about issues: which items are one, what it is called, and which to leave out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    /// Issues made of several items, or of one with another name: (name, items).
    pub issues: Vec<(String, Vec<String>)>,
    /// Items to leave out.
    pub dropped: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, seeds: &str) -> Side {
        Side {
            name: name.into(),
            seeds: seeds.split(' ').map(str::to_owned).collect(),
        }
    }

    #[test]
    fn seeds_turn_and_name_and_are_refused_where_they_disagree() {
        // Seeds that begin with b stand in camp B, with a in camp A.
        let place = |seed: &str| match seed.as_bytes()[0] {
            b'a' => Some(false),
            b'b' => Some(true),
            _ => None,
        };
        let found = seeded(&[side("North", "b1 b2 b3"), side("", "a1 a2 a3 x")], place);
        assert!(found.turned);
        assert_eq!(found.names.of(false), "North");
        assert_eq!(found.names.of(true), "the side of a1, a2 and a3");
        let few = seeded(
            &[side("North", "a1 a2 x"), side("South", "b1 b2 b3")],
            place,
        );
        assert!(few.refused.is_some() && !few.names.are_given());
        let mixed = seeded(
            &[side("North", "a1 a2 b3"), side("South", "b1 a2 a3")],
            place,
        );
        assert!(mixed.refused.is_some() && mixed.names.of(true) == "camp B");
        assert_eq!(seeded(&Default::default(), place), Seeded::default());
    }
}
