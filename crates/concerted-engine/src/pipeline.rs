//! The one function that calls every stage in order.

use crate::caveats::Caveat;
use crate::controls::{ControlPlan, Controls, controls};
use crate::detectors::{DETECTORS, Detector};
use crate::divisions::report::Divisions;
use crate::divisions::{DivisionPlan, divisions};
use crate::evidence::{Dossier, dossiers};
use crate::groups::score::Scorer;
use crate::groups::{self, GroupPlan};
use crate::normalize::near_duplicates::TextPlan;
use crate::normalize::{Understood, understand};
use crate::pairs::{DetectorPairs, PairPlan, pairs};
use crate::post::{Millis, Posts};
use crate::share::Corpus;
use crate::traces::Traces;
use std::collections::BTreeSet;

/// What a scan is set to.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The behaviours to look for.
    pub detectors: Vec<&'static Detector>,
    /// Smallest step of the clock in milliseconds: the coarsest of all inputs.
    pub resolution: Millis,
    /// When two texts are the same.
    pub text: TextPlan,
    /// How groups are found.
    pub groups: GroupPlan,
    /// How pairs are counted.
    pub pairs: PairPlan,
    /// What chance is measured by.
    pub controls: ControlPlan,
    /// How divisions of the public are sought.
    pub divisions: DivisionPlan,
    /// Account ids in the register of openly coordinated bodies.
    pub declared: Vec<String>,
}

impl Plan {
    /// The default plan for a clock of this resolution in milliseconds.
    pub fn for_resolution(resolution: Millis) -> Self {
        Self {
            detectors: DETECTORS.iter().collect(),
            resolution,
            text: TextPlan::default(),
            groups: GroupPlan::for_resolution(resolution),
            pairs: PairPlan::for_resolution(resolution),
            controls: ControlPlan::default(),
            divisions: DivisionPlan::default(),
            declared: Vec::new(),
        }
    }
}

/// A stage of a scan, for those who wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Links, texts and duplicates are understood.
    Understand,
    /// Groups are sought.
    Groups,
    /// Pairs are counted.
    Pairs,
    /// One of so many control copies is done.
    Control {
        /// How many there are.
        of: u32,
    },
    /// Evidence and innocent readings are gathered.
    Evidence,
    /// Divisions of the public are sought.
    Divisions,
}

/// Everything a scan found.
#[derive(Debug)]
pub struct Findings<'a> {
    /// The posts as understood.
    pub understood: Understood<'a>,
    /// Who shared what and when.
    pub corpus: Corpus,
    /// Groups with all they rest on: the unlabelled first, then by score.
    pub dossiers: Vec<Dossier>,
    /// Incidents that the burst search raised, before hindsight.
    pub incidents: usize,
    /// Candidates that the search over rare originals raised.
    pub rare_candidates: usize,
    /// The best score that did not reach its bar.
    pub closest: Option<f64>,
    /// Tested pairs of each detector.
    pub pairs: Vec<DetectorPairs>,
    /// What the controls gave.
    pub controls: Controls,
    /// Which divisions the groups play on; nothing where no controls ran, since the gate needs copies in
    /// which chance decided as they do.
    pub divisions: Option<Divisions>,
    /// Every caution.
    pub caveats: Vec<Caveat>,
    /// Accounts with at least two shares.
    pub active: u64,
}

/// Scans posts: who acts in concert, is it more than chance, and which posts show it?
pub fn scan<'a>(posts: &'a Posts, plan: &Plan, progress: &(dyn Fn(Stage) + Sync)) -> Findings<'a> {
    progress(Stage::Understand);
    let understood = understand(posts, &plan.text);
    let corpus = understood.corpus(&plan.detectors, plan.resolution);
    progress(Stage::Groups);
    let traces = Traces::build(&corpus, &corpus.shares, &plan.groups.scales_s);
    let found = groups::find_over(&corpus, &corpus.shares, Some(&traces), &plan.groups);
    progress(Stage::Pairs);
    let pairs = pairs(&corpus, plan.detectors.len(), &plan.pairs);
    let copies = plan.controls.copies();
    let controls = controls(&corpus, &plan.groups, &plan.controls, &|| {
        progress(Stage::Control { of: copies });
    });
    progress(Stage::Evidence);
    let register: BTreeSet<&str> = plan.declared.iter().map(String::as_str).collect();
    let declared: Vec<bool> = corpus
        .accounts
        .iter()
        .map(|account| register.contains(account))
        .collect();
    let dossiers = dossiers(
        &found.groups,
        &corpus,
        &understood,
        &mut Scorer::new(&traces),
        &declared,
    );
    let divisions = (plan.controls.permuted > 0).then(|| {
        progress(Stage::Divisions);
        let members: Vec<Vec<u32>> = dossiers.iter().map(|of| of.group.accounts()).collect();
        divisions(&understood, &members, &plan.divisions)
    });
    let mut findings = Findings {
        divisions,
        active: traces.active,
        dossiers,
        incidents: found.incidents,
        rare_candidates: found.rare_candidates,
        closest: found.closest,
        pairs,
        controls,
        caveats: Vec::new(),
        corpus,
        understood,
    };
    findings.caveats = caveats(&findings);
    findings
}

fn caveats(findings: &Findings<'_>) -> Vec<Caveat> {
    let (corpus, report, controls) = (
        &findings.corpus,
        &findings.understood.report,
        &findings.controls,
    );
    let mut caveats = Vec::new();
    // Three accounts with six exclusive objects each need more company than this (statistics, section 5).
    if findings.active < 100 {
        caveats.push(Caveat::LittleData {
            active: findings.active,
            shares: corpus.shares.len() as u64,
        });
    }
    if corpus.resolution > 1_000 {
        caveats.push(Caveat::CoarseClock {
            resolution_s: corpus.resolution / 1_000,
        });
    }
    if report.reposts_by_text > 0 {
        caveats.push(Caveat::RepostsByText {
            reposts: report.reposts_by_text,
        });
    }
    if report.reposts_unmatched > 0 {
        caveats.push(Caveat::RepostsUnmatched {
            reposts: report.reposts_unmatched,
        });
    }
    if !corpus.originality.is_empty() && corpus.originality.iter().all(Option::is_none) {
        caveats.push(Caveat::OriginalsUnknown);
    }
    if report.short_links > 0 {
        caveats.push(Caveat::ShortLinks {
            links: report.short_links,
        });
    }
    let crowds = findings.pairs.iter().flat_map(|pairs| &pairs.crowds);
    let widest = crowds
        .max_by_key(|(_, crowds)| crowds.meetings)
        .map(|(_, crowds)| *crowds)
        .unwrap_or_default();
    if widest.slots > 0 {
        caveats.push(Caveat::Crowds {
            slots: widest.slots,
            meetings: widest.meetings,
        });
    }
    if report.texts.capped > 0 {
        caveats.push(Caveat::TextsCapped {
            texts: report.texts.capped,
        });
    }
    if !findings.understood.duplicates.is_empty() {
        caveats.push(Caveat::Duplicates {
            rows: findings.understood.duplicates.len(),
        });
    }
    if controls.permuted.is_empty() {
        caveats.push(Caveat::NoControls);
    } else {
        if controls.groups_by_chance() > 0 {
            caveats.push(Caveat::ChanceGroups {
                groups: controls.groups_by_chance(),
                copies: controls.permuted.len(),
            });
        }
        let messages = controls.messages_per_stratum.1;
        if messages < 50 {
            caveats.push(Caveat::SmallStrata { messages, hours: 6 });
        }
    }
    caveats
}
