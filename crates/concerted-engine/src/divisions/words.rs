//! Every sentence that may be said of divisions, in one place.
//!
//! A sentence is made from figures and names alone. What the figures cannot carry has no sentence here:
//! why a group does what it does, whether it moved anybody, who is behind it, and which party a camp is.
//! Camps are called A and B until a person's seeds name them ([`super::seeds::CampNames`]).

use super::contested::Contested;
use super::gate::{Gate, GatePlan, Verdict};
use super::plays_on::{Background, Differs, Emphasis, LEAST, Said};
use super::seeds::CampNames;
use super::sides::{Sides, Stand};

/// Stands under every statement on what a group plays on.
pub const CLOSING: &str = "These figures are consistent with playing on an existing division; they do not show intent, one operator, or effect.";

/// Said where no population passed the gate.
pub const NOT_ESTABLISHED: &str = "The data do not establish a divide.";

/// A share in percent, with two significant digits.
pub fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".into();
    }
    let percent = share * 100.0;
    if percent >= 9.95 {
        format!("{percent:.0}%")
    } else if percent >= 0.995 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.2}%")
    }
}

/// A ratio with two significant digits.
pub fn ratio(ratio: f64) -> String {
    if !ratio.is_finite() {
        "–".into()
    } else if ratio >= 9.95 {
        format!("{ratio:.0}")
    } else if ratio >= 0.995 {
        format!("{ratio:.1}")
    } else {
        format!("{ratio:.2}")
    }
}

fn chance(p: f64) -> String {
    if p < 0.001 {
        "less than 0.001".into()
    } else {
        format!("{p:.3}")
    }
}

/// "3 members", "1 member".
fn several(n: u64, one: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {one}s")
    }
}

/// Posts of which language and platform.
pub fn population(platform: &str, lang: &str) -> String {
    let platform = if platform.is_empty() {
        "a platform that the source does not name"
    } else {
        platform
    };
    if lang.is_empty() {
        format!("posts on {platform} whose language the source does not label")
    } else {
        format!("posts labelled {lang:?} on {platform}")
    }
}

/// What the gate says, with the figures.
pub fn gate(channel: &str, gate: &Gate, plan: &GatePlan) -> String {
    if gate.verdict == Verdict::TooFew {
        return format!(
            "By {channel}: {} remain of those that use enough in common; {} are needed.",
            several(gate.accounts as u64, "account"),
            plan.least_accounts
        );
    }
    let figures = format!(
        "effect {:.2} (at least {:.2} is asked), agreement of random halves {:.2} (at least {:.2}), {} of {} accounts in the smaller camp (at least {})",
        gate.effect,
        plan.effect,
        gate.agreement,
        plan.agreement,
        gate.smaller,
        gate.accounts,
        percent(plan.least_share),
    );
    match gate.verdict {
        Verdict::TooFew | Verdict::NoDivide => {
            format!("By {channel}: {NOT_ESTABLISHED} {}.", capital(&figures))
        }
        Verdict::Divide => format!("By {channel}: two camps, {figures}."),
        Verdict::Strong => format!("By {channel}: two camps, clearly apart, {figures}."),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How many camps the spectrum would bear.
pub fn camps(gate: &Gate) -> String {
    let (low, high) = gate.camps_in_halves;
    format!(
        "Axes beyond chance would bear {} (random halves of the accounts: {low} to {high}). Only the division in two was put to the gate; regions, trades and fandoms make axes too, so a person has to name what further camps are.",
        several(gate.camps as u64, "camp")
    )
}

/// What the camps are called and how the seeds fell.
pub fn seeds(seeded: &super::seeds::Seeded) -> String {
    match (&seeded.refused, seeded.names.are_given()) {
        (Some(why), _) => format!("The seeds name no camp: {why}."),
        (None, true) => format!(
            "The camps are named by seeds that a person gave: {} of {} placed seeds stand with {}, {} of {} with {}. Seeds name the camps; they did not choose them.",
            seeded.placed[0].1,
            seeded.placed[0].0,
            seeded.names.of(false),
            seeded.placed[1].1,
            seeded.placed[1].0,
            seeded.names.of(true)
        ),
        (None, false) => {
            "Nobody named the camps; what they are, the items of each must tell a person.".into()
        }
    }
}

/// Which camp an item belongs to more.
pub fn lean(item: &str, z: f64, bar: f64, users: [u32; 2], names: &CampNames) -> String {
    let count = format!(
        "{} of {} and {} of {} use it, z {:.1}",
        users[0],
        names.of(false),
        users[1],
        names.of(true),
        z.abs()
    );
    if z.abs() >= bar {
        format!(
            "“{item}” is used mainly by {} ({count}; {bar:.1} is the bar for having looked at all items). A lean is not a stance.",
            names.of(z > 0.0)
        )
    } else {
        format!("“{item}” is not told to lean ({count}; the bar is {bar:.1}).")
    }
}

/// How contested an item is.
pub fn contested(balance: f64, contested: Option<&Contested>) -> String {
    match contested {
        None => format!(
            "Balance between the camps {balance:.2}; too few reposts with both ends placed to say whether what is said with it crosses the camps."
        ),
        Some(of) => format!(
            "Balance between the camps {balance:.2}; {} of {} reposts that carry it cross the camps, {} if camps played no part (weight {:.2}).",
            percent(of.cross),
            of.reposts,
            percent(of.by_chance),
            of.weight
        ),
    }
}

/// Whom a group is held against.
pub fn background(background: &Background, population: &str) -> String {
    let left_out = if background.left_out == 0 {
        String::new()
    } else {
        format!(
            " {} on days when these were silent are left out.",
            several(background.left_out, "post")
        )
    };
    format!(
        "The background: {} outside every candidate group, {population}, on the same days, as active as the group (between {:.0} and {:.0} posts here).{left_out}",
        several(background.accounts.len() as u64, "account"),
        background.activity.0.ceil(),
        background.activity.1
    )
}

/// What a group does with an issue, against the named background.
pub fn emphasis(issue: &str, of: &Emphasis) -> String {
    let counts = format!(
        "{} of {} posts by {} of the group, {} of {} posts by {} of the background",
        of.posts.0,
        of.posts.1,
        several(of.members as u64, "member"),
        of.background.0,
        of.background.1,
        several(of.background_accounts.0 as u64, "account")
    );
    match of.said {
        Said::Counts => format!(
            "“{issue}”: {counts}. With fewer than {LEAST} accounts on one side there is no ratio."
        ),
        Said::NoBackground { upper } => format!(
            "“{issue}”: {counts}. Nobody of the background posted it here; a rate of up to {} is compatible with that. There is no ratio.",
            percent(upper)
        ),
        Said::OwnItem => format!(
            "“{issue}”: {counts}. The background would have the group post it less than once: an item of the group's own, not an existing division."
        ),
        Said::Ratio {
            ratio: times,
            low,
            high,
            differs,
            ..
        } => {
            let says = match differs {
                Differs::Above | Differs::Below => "",
                Differs::NotTold => " The data do not tell this from the background's rate.",
            };
            let among = if of.percentile.is_finite() {
                format!(
                    " Of groups that grew by themselves {} have a smaller ratio.",
                    percent(of.percentile)
                )
            } else {
                String::new()
            };
            format!(
                "This set posted “{issue}” at {} times the rate of the background (95% interval {} to {}, accounts counted; {counts}).{says}{among}",
                ratio(times),
                ratio(low),
                ratio(high)
            )
        }
    }
}

/// What was there before the group took the issue up. `mainly` is the camp that used it mainly, if one did.
pub fn before(issue: &str, of: &Emphasis, day: &str, mainly: Option<&str>) -> String {
    if of.first.is_none() {
        return String::new();
    }
    let window = "The file begins where collection began; what either did earlier is not in it.";
    if of.before_accounts == 0 {
        return format!(
            "“{issue}” was not seen in the background of this corpus before the group's first use of it here, on {day}. {window}"
        );
    }
    let by = mainly.map_or_else(String::new, |camp| format!(", mainly by {camp}"));
    let existed = if of.before_accounts >= LEAST {
        "was in the background before"
    } else {
        "was hardly in the background before"
    };
    format!(
        "“{issue}” {existed} the group's first use of it here, on {day}: {} had used it{by}. Share of the background's posts before {}, from then on {}. {window}",
        several(of.before_accounts as u64, "account"),
        percent(of.before_after.0),
        percent(of.before_after.1)
    )
}

/// Where a group stands. `premise` is the list of groups that a person handed over as one.
pub fn sides(of: &Sides, names: &CampNames, premise: Option<&str>) -> String {
    let counts = format!(
        "Of {} that could be placed, {} to the smaller side; {} of both sides, {} could not be placed.",
        several(of.counts.placed(), "member"),
        match of.counts.smaller() {
            1 => "1 leans".to_owned(),
            n => format!("{n} lean"),
        },
        match of.counts.neutral {
            1 => "1 uses items".to_owned(),
            n => format!("{n} use items"),
        },
        of.counts.unplaced
    );
    let power = format!(
        "With so many placed, a group with half, a quarter, a tenth on the smaller side would be told with chance {:.2}, {:.2}, {:.2}.",
        // A chance that rounding took below zero would be printed with a minus.
        of.power[0].max(0.0),
        of.power[1].max(0.0),
        of.power[2].max(0.0)
    );
    let says = match of.stand {
        Stand::Both => format!(
            "It stands on both sides: {} with {}, {} with {}. If one in twenty strayed, so many would be on the smaller side with chance {}; of {} groups that grew by themselves {} stand on both sides as much.",
            of.counts.a,
            names.of(false),
            of.counts.b,
            names.of(true),
            chance(of.p_strays),
            of.organic,
            percent(of.p_organic)
        ),
        Stand::MostlyOne(b) => format!("It stands mostly with {}.", names.of(b)),
        Stand::CannotTell => "Whether it stands on both sides cannot be told.".into(),
        Stand::TagsUnknown => format!(
            "Whether it stands on both sides cannot be told: the public here uses {} of a member's tags, at the median; {} are needed.",
            percent(of.known),
            percent(super::sides::KNOWN)
        ),
        Stand::NoNull => format!(
            "Whether it stands on both sides cannot be told: only {} groups that grew by themselves could be had to hold it against, and {} are needed.",
            of.organic,
            super::sides::ORGANIC
        ),
    };
    let premise = premise.map_or_else(String::new, |groups| {
        format!(" That {groups} are one operation is the analyst's premise and is not shown here; two innocent groups of different camps taken as one give the same picture.")
    });
    format!("{says} {counts} {power}{premise}")
}

#[cfg(test)]
mod tests;
