//! The methods paragraph, written from the plan that ran, with its sources.

use crate::case::calibration::Calibration;
use crate::case::plan::Plan;
use crate::words::{count, duration, ratio};
use std::fmt::Write as _;

/// The paragraphs.
pub(super) fn paragraphs(plan: &Plan, calibration: &Calibration) -> Vec<String> {
    let mut list = vec![looked(plan), groups(plan, calibration)];
    if let Some(rare) = rare(plan) {
        list.push(rare);
    }
    list.extend([grades(), pairs(plan), controls(calibration)]);
    list
}

/// What the paragraphs cite.
pub(super) const SOURCES: [&str; 6] = [
    "Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical Society B 57, 289–300.",
    "Fruchterman, T. M. J. and Reingold, E. M. (1991). Graph drawing by force-directed placement. Software: Practice and Experience 21, 1129–1164.",
    "Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437–442.",
    "Office of the Director of National Intelligence (2015). Intelligence Community Directive 203: Analytic standards.",
    "Pacheco, D., Hui, P.-M., Torres-Lugo, C., Truong, B. T., Flammini, A. and Menczer, F. (2021). Uncovering coordinated networks on social media. ICWSM 15, 455–466.",
    "Vovk, V. and Wang, R. (2021). E-values: calibration, combination and applications. Annals of Statistics 49, 1736–1754.",
];

fn number(plan: &Plan, name: &str) -> Option<f64> {
    let value = plan.parameters.get(name)?;
    #[expect(clippy::cast_precision_loss, reason = "parameters are small numbers")]
    value
        .as_float()
        .or_else(|| value.as_integer().map(|whole| whole as f64))
}

fn windows(plan: &Plan, name: &str) -> String {
    let list: Vec<String> = plan
        .parameters
        .get(name)
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(toml::Value::as_integer)
        .map(|seconds| duration(seconds * 1_000))
        .collect();
    match list.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => "the plan’s windows".into(),
    }
}

fn looked(plan: &Plan) -> String {
    let detectors: Vec<&str> = plan
        .detectors
        .iter()
        .map(|detector| detector.id.as_str())
        .collect();
    format!(
        "concerted {} read {} posts and looked for accounts that put the same object before people close in time: {} (compare Pacheco and others 2021). Links were brought to a canonical form without being fetched. Texts count as the same at a similarity of at least {} of their letter sequences. Nothing shorter than {}, the step of the coarsest clock, was compared.",
        plan.concerted,
        count(plan.posts),
        detectors.join(", "),
        number(plan, "text_threshold").map_or("–".into(), ratio),
        duration(plan.clock_resolution_ms),
    )
}

fn groups(plan: &Plan, calibration: &Calibration) -> String {
    let mut text = format!(
        "A run begins with a member’s share of an object and goes on while another member shares it within a window ({}). For each run the likelihood that members fill the places behind its start is set against the chance that they do so independently, given each account’s activity in the same six hours, kind of object and platform; the product over runs, averaged over windows, is an e-value (Vovk and Wang 2021). From its logarithm the score takes ln C(n, k) + ln k(k − 1), a union bound over all groups of k among n",
        windows(plan, "windows_s"),
    );
    let _ = write!(
        text,
        " = {} accounts with at least two shares, which pays for any search. Groups of at least three accounts with a score of at least {} were kept, after members whose joint runs could be chance were dropped and groups that fall into two were split.",
        count(calibration.active_accounts),
        number(plan, "bar").map_or("–".into(), ratio),
    );
    text
}

fn rare(plan: &Plan) -> Option<String> {
    let (bar, accounts) = (number(plan, "rare_bar")?, number(plan, "rare_accounts")?);
    Some(format!(
        "A second search looked at original posts only, on objects that at most {accounts} accounts share, with the bar at {bar}. That bar is not guaranteed by the score; the count on copies with permuted accounts stands beside it for that reason."
    ))
}

fn grades() -> String {
    "An account is named where it joined at least two runs of the others (core: at least three); one joint run never names an account. “Joint timing” means that the score holds after allowing for how often the members meet on the same objects hours later; otherwise the group is graded “same interests” and listed all the same.".into()
}

fn pairs(plan: &Plan) -> String {
    format!(
        "Pairs were tested apart from groups, at windows of {}: the count of joint actions against a Poisson count with the expectation that activity gives, corrected over all pairs of active accounts with the procedure of Benjamini and Hochberg (1995) at q = {}.",
        windows(plan, "pair_windows_s"),
        number(plan, "pair_q").map_or("–".into(), ratio),
    )
}

fn controls(calibration: &Calibration) -> String {
    let of = |null_model: &str| {
        let controls = calibration.controls.iter();
        let list: Vec<String> = controls
            .filter(|control| control.null_model == null_model)
            .map(|control| match control.copies {
                1 => format!("1 copy {}", control.setting),
                copies => format!("{copies} copies {}", control.setting),
            })
            .collect();
        list.join("; ")
    };
    let (permuted, jittered) = (of("accounts-permuted"), of("times-jittered"));
    if permuted.is_empty() {
        return "No control ran: what the same search finds by chance on these data was not measured.".into();
    }
    let mut text = format!(
        "The whole search ran again on copies in which accounts were permuted, which keeps what was shared and when and destroys who ({permuted}); limits on its counts are exact Poisson limits (Garwood 1936). Permuting within an hour keeps who was active when, so part of a group that works in quiet hours survives it."
    );
    if !jittered.is_empty() {
        let _ = write!(
            text,
            " It also ran on copies with the times moved ({jittered}); what survives there is shared taste and not timing."
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::calibration::Control;
    use crate::case::plan::DetectorPlan;

    #[test]
    fn the_paragraph_is_written_from_the_plan_that_ran() {
        let list =
            |values: &[i64]| toml::Value::Array(values.iter().map(|&value| value.into()).collect());
        let plan = Plan {
            posts: 194_326,
            clock_resolution_ms: 1_000,
            parameters: [
                ("bar", 3.0.into()),
                ("rare_bar", (-6.0).into()),
                ("rare_accounts", 12.into()),
                ("windows_s", list(&[60, 600, 3_600, 21_600])),
                ("pair_windows_s", list(&[60, 600])),
                ("pair_q", 0.01.into()),
                ("text_threshold", 0.8.into()),
            ]
            .map(|(name, value): (&str, toml::Value)| (name.to_owned(), value))
            .into(),
            detectors: ["co-link", "co-repost"]
                .map(|id| DetectorPlan {
                    id: id.into(),
                    ..DetectorPlan::default()
                })
                .into(),
            ..Plan::new("2021-09-27T08:00:00Z", "0.1.0", 1)
        };
        let control = |null_model: &str, setting: &str| Control {
            null_model: null_model.into(),
            setting: setting.into(),
            copies: 20,
            ..Control::default()
        };
        let calibration = Calibration {
            active_accounts: 7_617,
            controls: vec![
                control("accounts-permuted", "within 6 h"),
                control("times-jittered", "by up to 1 h either way"),
            ],
            ..Calibration::default()
        };
        insta::assert_snapshot!(paragraphs(&plan, &calibration).join("\n\n"));
        let none = paragraphs(&plan, &Calibration::default()).join(" ");
        assert!(none.contains("No control ran"));
    }
}
