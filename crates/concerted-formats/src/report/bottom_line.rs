//! The first screen: what was found, in a title, four sentences, two answers, five numbers, one figure.

use super::judgments::Judgment;
use super::lint::{CONFIDENCES, LIKELIHOODS};
use super::{Report, group_name, power, several, text};
use crate::figures::{Figure, chance};
use crate::words::{about, count, percent, q_value, ratio, score};
use maud::{Markup, html};

impl Report<'_> {
    /// The title states the finding.
    pub(super) fn title(&self) -> String {
        if !self.said.report.title.is_empty() {
            return self.said.report.title.clone();
        }
        match self.facts.groups.len() {
            0 => "No group of accounts acts together more often than chance allows".to_owned(),
            1 => "One group of accounts acts together more often than chance allows".to_owned(),
            n => format!(
                "{} groups of accounts act together more often than chance allows",
                crate::words::in_words(n as u64)
            ),
        }
    }

    pub(super) fn bottom_line(&self, title: &str) -> Markup {
        html! {
            div id="bottom-line" {
                p.over { (self.over()) }
                h1 { (text::shown(title)) }
                p.lede {
                    @if self.said.report.bottom_line.is_empty() { (self.lede()) }
                    @else { (text::shown_to(&self.said.report.bottom_line, 2_000)) }
                }
                (self.answers())
                (self.five())
                @match self.chance() {
                    Some(figure) => (figure.html()),
                    None => p { "No two accounts met often enough to be tested, so there is nothing to draw." }
                }
                @if self.facts.groups.is_empty() { (self.nothing_found()) }
            }
        }
    }

    fn over(&self) -> String {
        let span = self.facts.span.map_or(String::new(), |(first, last)| {
            format!("Posts {}, times in UTC", super::dates(first, last))
        });
        match (self.said.scope.event.as_str(), span.as_str()) {
            ("", _) => span,
            (event, "") => event.to_owned(),
            (event, span) => format!("{event} · {span}"),
        }
    }

    /// At most four sentences.
    fn lede(&self) -> String {
        let facts = self.facts;
        let members = self.members();
        if facts.groups.is_empty() {
            return format!(
                "{} posts by {} were read. {}",
                count(facts.posts),
                several(facts.accounts, "account", "accounts"),
                self.seen_sentence()
            );
        }
        let labelled = facts
            .groups
            .iter()
            .filter(|group| !group.labels.is_empty())
            .count() as u64;
        format!(
            "{} of {} accounts shared the same things close in time, again and again, more often than accounts would that choose independently. {} an innocent reading that fits, which stands beside the finding. Who runs the accounts, these data do not show.",
            count(members),
            count(facts.accounts),
            match (labelled, facts.groups.len() as u64) {
                (0, 1) => "The group does not have".to_owned(),
                (0, _) => "None of the groups has".to_owned(),
                (1, 1) => "The group has".to_owned(),
                (some, all) if some == all => "Each of the groups has".to_owned(),
                (1, all) => format!("1 of the {} groups has", count(all)),
                (some, all) => format!("{} of the {} groups have", count(some), count(all)),
            },
        )
    }

    fn members(&self) -> u64 {
        let mut all: Vec<&str> = self
            .facts
            .groups
            .iter()
            .flat_map(|group| {
                group
                    .members
                    .iter()
                    .map(|member| member.account_id.as_ref())
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        all.len() as u64
    }

    fn answers(&self) -> Markup {
        let find = |what: &str| {
            self.said
                .judgment
                .iter()
                .find(|judgment| judgment.answers == what)
        };
        html! {
            div.answers {
                div.card {
                    p { "Was it coordinated?" }
                    @match find("coordinated") {
                        Some(judgment) => (answered(judgment)),
                        None => {
                            p.big { (if self.facts.groups.is_empty() { "Nothing more than chance" } else { "More than chance" }) }
                            p.why { (self.chance_sentence()) @if !self.facts.groups.is_empty() { " How likely a plan is behind it, a person has to judge; nobody has yet." } }
                        }
                    }
                }
                div.card {
                    p { "Who is behind it?" }
                    @match find("who") {
                        Some(judgment) => (answered(judgment)),
                        None => {
                            p.big { "Not assessed" }
                            p.why { "No basis: the data show behaviour, not identity. Coordination is not proof of a state." }
                        }
                    }
                }
            }
        }
    }

    fn chance_sentence(&self) -> String {
        let permuted = self
            .facts
            .calibration
            .controls
            .iter()
            .find(|control| control.null_model == "accounts-permuted");
        match permuted {
            Some(control) => format!(
                "On {} with the accounts shuffled the same search found {}.",
                several(control.copies, "copy", "copies"),
                several(control.groups_found.iter().sum(), "group", "groups"),
            ),
            None => "No control ran, so what the search finds by chance was not measured.".into(),
        }
    }

    fn five(&self) -> Markup {
        if self.facts.groups.is_empty() {
            return self.five_of_nothing();
        }
        let facts = self.facts;
        let members = self.members();
        let posts: u64 = facts.groups.iter().map(super::facts::Group::evidence).sum();
        let mut lags: Vec<i64> = facts
            .groups
            .iter()
            .flat_map(super::facts::Group::lags)
            .collect();
        lags.sort_unstable();
        let median = lags.get(lags.len().saturating_sub(1) / 2);
        let labelled = facts
            .groups
            .iter()
            .filter(|group| !group.labels.is_empty())
            .count();
        let permuted = facts
            .calibration
            .controls
            .iter()
            .find(|control| control.null_model == "accounts-permuted");
        let limit = permuted.map(|control| {
            control.groups_per_million_upper95 * control.shares as f64
                / control.copies.max(1) as f64
                / 1e6
        });
        html! {
            ul.five {
                li { strong { (facts.groups.len()) } (if facts.groups.len() == 1 { "group found" } else { "groups found" }) br; (limit.map_or("chance not measured".into(), |limit| format!("at most {} by chance (95%)", ratio(limit)))) }
                li { strong { (count(members)) } "accounts in them" br; (percent(members, facts.accounts)) " of " (count(facts.accounts)) }
                li { strong { (count(posts)) } "posts in joint acts" br; (percent(posts, facts.posts)) " of " (count(facts.posts)) }
                li { strong { (median.map_or("–".into(), |lag| about(*lag))) } "after the first post" br; "half of the repeats" }
                li { strong { (labelled) " of " (facts.groups.len()) } "have an innocent reading" br; "beside the finding" }
            }
        }
    }

    /// The first groups of the list beside what chance gives; the others stand in its numbers.
    pub(super) fn chance(&self) -> Option<Figure> {
        let facts = self.facts;
        let mut rows: Vec<chance::Row> = facts
            .groups
            .iter()
            .map(|group| chance::Row {
                name: group_name(&group.row.group_id),
                what: format!(
                    "{} accounts · {}",
                    group.row.accounts,
                    super::findings::shared(group.mostly())
                ),
                observed: group.row.repeats,
                expected: group.row.expected_repeats,
                strength: format!("score {}", score(group.row.score)),
                finding: true,
                anchor: Some(group.row.group_id.clone().into_owned()),
            })
            .collect();
        let more = rows.split_off(rows.len().min(super::FULL));
        rows.extend(
            facts
                .closest
                .iter()
                .take(if rows.is_empty() { 5 } else { 1 })
                .enumerate()
                .map(|(place, pair)| chance::Row {
                    name: if place == 0 {
                        "Closest pair".into()
                    } else {
                        format!("Next pair {place}")
                    },
                    what: format!("2 accounts · {}", super::findings::shared(&pair.detector)),
                    observed: pair.joint_actions,
                    expected: pair.expected,
                    strength: format!("q {}", q_value(pair.q_value)),
                    finding: false,
                    anchor: None,
                }),
        );
        if rows.is_empty() {
            return None;
        }
        let note = html! {
            p {
                @if !more.is_empty() { "The " (super::FULL) " first groups of the list; " (several(more.len() as u64, "more stands", "more stand")) " in the numbers below and under Findings. " }
                "A score of 3 is about 1 in 20 after paying for the search, each further 2.3 is ten times stronger; it is relative to this corpus. "
                @if !facts.groups.is_empty() { "The closest pair was looked at and is not a finding. " }
                a href="#methods" data-number="13 B" { "How this was computed" } "."
            }
        };
        Some(chance::figure(&rows, &more, note))
    }

    fn bar(&self) -> f64 {
        self.facts
            .plan
            .parameters
            .get("bar")
            .and_then(toml::Value::as_float)
            .unwrap_or(3.0)
    }

    /// Without a group the numbers are those of what was looked at.
    fn five_of_nothing(&self) -> Markup {
        let facts = self.facts;
        html! {
            ul.five {
                li { strong { "0" } "groups found" br; "no group reached its bar" }
                li { strong { (count(facts.posts)) } "posts read" br; (several(facts.plan.inputs.len() as u64, "input", "inputs")) }
                li { strong { (count(facts.accounts)) } "accounts" br; (count(facts.calibration.active_accounts)) " share two things or more" }
                li { strong { (count(facts.pairs.0)) } "pairs tested" br; (count(facts.pairs.1)) " more than chance" }
                @match self.would_be_seen() {
                    Some((k, acts)) => li { strong { (several(acts, "time", "times")) } "a group of " (k) " must act" br; "together to be seen" },
                    None => li { strong { "–" } "joint acts to be seen" br; "too few data to see any group" }
                }
            }
        }
    }

    /// A size of group, and how often it would have to act together in usual hours to be seen.
    fn would_be_seen(&self) -> Option<(u64, u64)> {
        let calibration = &self.facts.calibration;
        let middle = *calibration.shares_per_stratum.get(1)?;
        [5, 3, 10, 20].into_iter().find_map(|k| {
            let acts = power::acts_needed(k, calibration.active_accounts, middle, self.bar())?;
            Some((k, acts))
        })
    }

    /// What would have been seen, in a sentence.
    pub(super) fn seen_sentence(&self) -> String {
        match self.would_be_seen() {
            Some((k, acts)) => format!(
                "With these data a group of {k} would have been seen if it acted together {}.",
                several(acts, "time", "times")
            ),
            None => "These data are too few to see any group, whatever it did.".into(),
        }
    }

    /// How large a group acting how often would have been seen.
    pub(super) fn power(&self) -> Markup {
        let calibration = &self.facts.calibration;
        if calibration.shares_per_stratum.is_empty() || calibration.active_accounts == 0 {
            return html! { p { (if calibration.version == 0 { "The case does not say how active its accounts are, so what would have been seen cannot be computed; scan again." } else { "No account shares two things that others could share too, so no group could have been seen, whatever it did." }) } };
        }
        html! {
            p { (self.seen_sentence()) " The table gives the joint acts that a group needs to reach a score of " (ratio(self.bar())) " among " (count(calibration.active_accounts)) " accounts with at least two shares." }
            div.wide { table {
                caption.unseen { "Joint acts that a group needs to be found" }
                thead { tr {
                    th scope="col" { "accounts in the group" }
                    @for (shares, when) in calibration.shares_per_stratum.iter().zip(["quiet hours", "usual hours", "busy hours"]) {
                        th.n scope="col" { (when) " (" (count(*shares)) " shares in six hours)" }
                    }
                } }
                tbody { @for (k, needs) in power::table(calibration, self.bar()) {
                    tr { td { (k) } @for need in needs { td.n { (need.map_or("not seen".into(), count)) } } }
                } }
            } }
            p.note { "Assumed: all members share the same thing within the shortest window, nobody else shares it, each act falls into other six hours, and each member shares one other thing there. A group that acts in part, or on things that others share too, needs more. Shares are counted per behaviour and platform; quiet, usual and busy are the tenth, fiftieth and ninetieth percent of shares." }
        }
    }

    fn nothing_found(&self) -> Markup {
        let facts = self.facts;
        html! {
            h3 { "What would have been seen" }
            (self.power())
            p {
                @if facts.pairs.0 == 0 { "No two accounts met often enough to be tested. " }
                @else { (several(facts.pairs.0, "pair was", "pairs were")) " tested, " (several(facts.pairs.1, "pair meets", "pairs meet")) " more often than chance allows by itself. " }
                @match facts.calibration.closest_score {
                    Some(score) => { "The closest group scores " (format!("{score:.1}")) ", below its bar." }
                    None => { "No candidate for a group came up." }
                }
            }
            @if !facts.closest.is_empty() {
                h3 { "The pairs that came closest" }
                div.wide { table {
                    thead { tr { th scope="col" { "accounts" } th scope="col" { "behaviour" } th.n scope="col" { "joint acts" } th.n scope="col" { "by chance" } th.n scope="col" { "q" } } }
                    tbody { @for pair in &facts.closest {
                        tr {
                            td { (text::word(facts.name(&pair.account_a))) ", " (text::word(facts.name(&pair.account_b))) }
                            td { (pair.detector) }
                            td.n { (count(pair.joint_actions)) } td.n { (ratio(pair.expected)) } td.n { (q_value(pair.q_value)) }
                        }
                    } }
                } }
                p.note { "Accounts without a pseudonym are in no finding and are not named." }
            }
        }
    }
}

fn answered(judgment: &Judgment) -> Markup {
    let range = LIKELIHOODS
        .iter()
        .find(|known| known.0 == judgment.likelihood);
    html! {
        p.big { (sentence_case(&judgment.likelihood)) " " @if let Some((_, low, high)) = range { span { (low) "–" (high) "%" } } }
        p.why { (text::shown(&judgment.says)) }
        p.why { (squares(&judgment.confidence)) " " (sentence_case(&judgment.confidence)) " confidence: " (text::shown(&judgment.because)) }
    }
}

/// Confidence as one to three squares; the word stands beside it.
pub(super) fn squares(confidence: &str) -> Markup {
    let filled = CONFIDENCES
        .iter()
        .position(|known| *known == confidence)
        .map_or(0, |place| place + 1);
    html! { span.squares aria-hidden="true" { ("■".repeat(filled)) ("□".repeat(3 - filled)) } }
}

fn sentence_case(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
