//! The report: one page that a careful stranger can check, with no request of any kind.

use crate::case::findings::{CaseNames, Run, group_id};
use crate::read::Reading;
use crate::words::{count, day, duration, moment, ratio};
use concerted_engine::evidence::{Dossier, JointAct};
use concerted_engine::normalize::url::defang;
use concerted_engine::pipeline::{Findings, Plan};
use concerted_engine::share::ObjectKind;
use maud::{DOCTYPE, Markup, html};

/// Joint acts shown in full for each group; the rest stand in `evidence.parquet`.
const ACTS: usize = 10;

/// The page.
pub fn page(
    findings: &Findings<'_>,
    reading: &Reading,
    plan: &Plan,
    run: &Run,
    names: &CaseNames,
) -> String {
    let page = Page {
        findings,
        reading,
        plan,
        run,
        names,
    };
    page.html().into_string()
}

struct Page<'a> {
    findings: &'a Findings<'a>,
    reading: &'a Reading,
    plan: &'a Plan,
    run: &'a Run,
    names: &'a CaseNames,
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;color:#14191f;background:#fff;max-width:868px;margin:32px auto;padding:0 16px}\
h1{font-size:30px;line-height:36px}h2{font-size:19px;margin-top:48px}h3{font-size:16px;margin-top:32px}\
table{border-collapse:collapse;width:100%;font-size:13px}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid #e2e6ea;vertical-align:top}\
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-family:ui-monospace,monospace;font-size:12px;overflow-wrap:anywhere}\
.note{color:#48525f;font-size:13px}.innocent{background:#f6f7f9;padding:12px 16px;border-radius:8px}bdi{overflow-wrap:anywhere}";

impl Page<'_> {
    fn html(&self) -> Markup {
        let groups = self.findings.dossiers.len();
        let title = match groups {
            0 => "No group of accounts acts together more often than chance allows".to_owned(),
            1 => "1 group of accounts acts together more often than chance allows".to_owned(),
            _ => format!("{groups} groups of accounts act together more often than chance allows"),
        };
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                    title { (title) }
                    style { (maud::PreEscaped(STYLE)) }
                }
                body {
                    h1 { (title) }
                    (self.bottom_line())
                    (self.chance())
                    h2 { "Findings" }
                    @if groups == 0 { p { "Nothing to show. " (self.closest()) } }
                    @for (place, dossier) in self.findings.dossiers.iter().enumerate() { (self.dossier(place, dossier)) }
                    (self.data())
                    (self.caveats())
                    (self.method())
                }
            }
        }
    }

    fn closest(&self) -> String {
        self.findings.closest.map_or_else(
            || "No candidate came near the bar.".to_owned(),
            |score| format!("The closest candidate scores {score:.1} nats, below its bar."),
        )
    }

    fn bottom_line(&self) -> Markup {
        let findings = self.findings;
        let accounts: usize = findings
            .dossiers
            .iter()
            .map(|dossier| dossier.group.members.len())
            .sum();
        let labelled = findings
            .dossiers
            .iter()
            .filter(|dossier| !dossier.readings.is_empty())
            .count();
        html! {
            p {
                (count(findings.understood.len() as u64)) " posts by " (count(findings.corpus.account_count() as u64)) " accounts were read"
                @if let (Some(first), Some(last)) = (findings.corpus.shares.first(), findings.corpus.shares.last()) {
                    ", " (day(first.time)) " to " (day(last.time)) " (UTC)"
                }
                ". " (count(accounts as u64)) " accounts stand in " (findings.dossiers.len()) " groups; " (labelled) " of the groups look like something innocent."
            }
            p { strong { "Was it coordinated?" } " See each finding. " strong { "Who is behind it?" } " Not assessed; the program never says." }
        }
    }

    fn chance(&self) -> Markup {
        let controls = &self.findings.controls;
        html! {
            h2 { "What chance gives on these data" }
            @if controls.permuted.is_empty() {
                p { "No control ran, so this was not measured." }
            } @else {
                p {
                    "The same search found " (controls.groups_by_chance()) " groups on " (controls.permuted.len())
                    " copies with the accounts permuted within 6 h, platform and kind of object: at most "
                    (ratio(controls.groups_per_copy_limit())) " a copy with 95% confidence."
                }
                table {
                    thead { tr { th { "times moved at random by up to" } th.n { "groups left" } th.n { "accounts" } } }
                    tbody {
                        tr { td { "not moved" } td.n { (self.findings.dossiers.len()) } td.n { (self.findings.dossiers.iter().map(|dossier| dossier.group.members.len()).sum::<usize>()) } }
                        @for (hours, found) in &controls.jittered { tr { td { (hours) " h" } td.n { (found.groups) } td.n { (found.accounts) } } }
                    }
                }
                p.note { "What survives a move of hours is shared taste, not timing." }
            }
        }
    }

    fn dossier(&self, place: usize, dossier: &Dossier) -> Markup {
        let group = &dossier.group;
        let id = group_id(place);
        let kind = dossier.mostly(&self.findings.corpus).plural();
        html! {
            h3 id=(id) {
                (id) ": " (group.members.len()) " accounts shared the same " (kind) " " (group.meetings.joint_actions) " times within "
                (duration(group.scale_s * 1_000)) "; " (ratio(group.meetings.expected)) " expected by chance"
            }
            p {
                "Half of the repeats follow within " (duration(dossier.median_lag)) ". Grade: " (group.grade.words())
                ". Score " (format!("{:.1}", group.score)) " nats, relative to this corpus; found by " (group.found_by.word()) ". From "
                (moment(dossier.span.0, self.plan.resolution)) " to " (moment(dossier.span.1, self.plan.resolution)) "."
            }
            div.innocent {
                strong { "The strongest innocent reading. " }
                @match dossier.readings.first() {
                    Some(reading) => { (reading.reading) ": " bdi { (reading.figures.words) } "." }
                    None => { "None of the rules fits. That is no proof of anything else: tools, habits and events that no rule knows can look like this." }
                }
                @if dossier.readings.len() > 1 {
                    " Also: " (dossier.readings[1..].iter().map(|reading| reading.label).collect::<Vec<_>>().join(", ")) "."
                }
            }
            table {
                thead { tr { th { "account" } th { "role" } th.n { "joint runs" } th.n { "by chance" } th.n { "first" } } }
                tbody {
                    @for (member, first) in group.members.iter().zip(&dossier.first_count) {
                        tr {
                            td { (self.names.of(self.findings.corpus.accounts.name(member.account))) }
                            td { (member.role()) }
                            td.n { (member.tail.joined) }
                            td.n { (ratio(member.tail.expected)) }
                            td.n { (first) }
                        }
                    }
                }
            }
            @for (number, act) in dossier.acts.iter().enumerate().take(ACTS) { (self.act(number, act)) }
            @if dossier.acts.len() > ACTS {
                p.note { (dossier.acts.len() - ACTS) " more joint acts stand in evidence.parquet under " (id) "." }
            }
        }
    }

    fn act(&self, number: usize, act: &JointAct) -> Markup {
        let key = self.findings.corpus.objects.key.get(act.object as usize);
        let link = self.findings.corpus.objects.kind[act.object as usize] == ObjectKind::Link;
        let shown = shorten(&if link { defang(key) } else { key.to_owned() });
        html! {
            details {
                summary { "Joint act " (number + 1) ": " code { bdi { (shown) } } ", " (act.posts.len()) " members, " (act.outsiders) " others" }
                table {
                    thead { tr { th { "account" } th { "time" } th.n { "after" } th { "post" } th { "where" } } }
                    tbody {
                        @for post in &act.posts {
                            @let read = self.findings.understood.view(post.post as usize).post();
                            @let source = read.source();
                            tr {
                                td { (self.names.of(self.findings.corpus.accounts.name(post.account))) }
                                td { (moment(post.time, self.plan.resolution)) }
                                td.n { (duration(post.lag)) }
                                td { bdi lang=(read.lang()) dir="auto" { (shorten(read.text())) } }
                                td { code { (self.reading.inputs.get(source.file as usize).map_or("", |input| input.name.as_str())) " row " (source.row) " sha256 " (hex(&source.sha256[..6])) "…" } }
                            }
                        }
                    }
                }
            }
        }
    }

    fn data(&self) -> Markup {
        html! {
            h2 { "Data" }
            table {
                thead { tr { th { "input" } th { "read as" } th.n { "rows" } th.n { "posts" } th.n { "refused" } th.n { "doubtful" } } }
                tbody {
                    @for input in &self.reading.inputs {
                        tr {
                            td { (input.name) br; code { "sha256 " (input.sha256) } }
                            td { (input.format) ": " bdi { (input.why) } }
                            td.n { (count(input.rows)) } td.n { (count(input.posts)) } td.n { (count(input.refused)) } td.n { (count(input.doubted)) }
                        }
                    }
                }
            }
        }
    }

    fn caveats(&self) -> Markup {
        html! {
            h2 { "Before you rely on it" }
            ul {
                li { "Acting together is not proof of deceit, of a state, or of any aim." }
                @for caveat in &self.findings.caveats { li { (caveat.says()) ". " (caveat.advice()) } }
            }
        }
    }

    fn method(&self) -> Markup {
        let plan = self.plan;
        let detectors: Vec<&str> = plan.detectors.iter().map(|detector| detector.id).collect();
        html! {
            h2 { "Method" }
            p {
                "concerted " (self.run.version) " looked for " (detectors.join(", ")) ", with seed " (plan.controls.seed)
                ". Groups were found by a group e-process over bursts and by a search over rare originals, scored by the union-bound score over windows of "
                (plan.groups.scales_s.iter().map(|scale| duration(scale * 1_000)).collect::<Vec<_>>().join(", "))
                ", and named where a member joined at least two runs of the others. Every parameter stands in case.toml."
            }
        }
    }
}

/// The beginning of a long text.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 280;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
