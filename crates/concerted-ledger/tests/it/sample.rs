//! A small ledger of invented people that keeps every rule.

use concerted_ledger::record::{
    Agent, Assessment, ChainStep, Document, Pledge, Record, Scope, Statement,
};
use concerted_ledger::words::{
    Access, Act, AgentKind, Directness, Role, Standing, Status, StepForm, Wording,
};

pub(crate) const NOW: &str = "2031-11-05T12:00:00Z";

pub(crate) fn agent(id: &str, name: &str, kind: AgentKind) -> Record {
    Record::Agent(Agent::new(id.into(), name.into(), kind))
}

pub(crate) fn step(role: Role, agent: &str, form: StepForm) -> ChainStep {
    ChainStep::new(role, agent.into(), form)
}

/// A statement of the minister, told to the paper, that keeps every rule.
pub(crate) fn statement(id: &str, act: Act) -> Statement {
    let mut it = Statement::new(
        id.into(),
        act,
        "minister".into(),
        format!("What {id} says."),
        Directness::ReportedNamed,
    );
    it.said_on = Some("2031-04-26".parse().unwrap());
    it.published_on = Some("2031-04-27".parse().unwrap());
    it.documents = vec!["article".into()];
    it.attribution_chain = vec![
        step(Role::Speaker, "minister", StepForm::DirectQuote),
        step(Role::Publisher, "paper", StepForm::Report),
    ];
    it
}

pub(crate) fn pledge(id: &str) -> Statement {
    let mut it = statement(id, Act::Commit);
    it.said_on = Some("2030-11-15".parse().unwrap());
    let mut pledge = Pledge::new(
        "no interference".into(),
        Wording::Unknown,
        Standing::Reported,
    );
    let mut scope = Scope::new();
    scope.elections = vec!["president-2031".into()];
    scope.until = Some("2031-11-05".parse().unwrap());
    pledge.scope = Some(scope);
    it.pledge = Some(pledge);
    it
}

pub(crate) fn assessment(id: &str) -> Assessment {
    let mut it = Assessment::new(
        id.into(),
        "Is the pledge kept?".into(),
        "odni-2024-interference".into(),
        "no_public_evidence_of_breach".into(),
        "Nothing public shows it.".into(),
        "2031-11-05".parse().unwrap(),
        Status::Draft,
    );
    it.about = Some("pledge".into());
    it.evidence_for = vec!["claim".into()];
    it.alternatives = vec!["it was done by others".into()];
    it.gaps = vec!["the wording is known at second hand".into()];
    it
}

/// Agents, a document, a pledge, a claim and its denial.
pub(crate) fn records() -> Vec<Record> {
    let mut denial = statement("denial", Act::Deny);
    denial.about = vec!["claim".into()];
    let mut claim = statement("claim", Act::Allege);
    claim.about = vec!["pledge".into()];
    vec![
        agent("minister", "Ida Norrland", AgentKind::Person),
        agent("paper", "The Harbour Courier", AgentKind::Outlet),
        agent(
            "sources",
            "Two people who were there",
            AgentKind::AnonymousGroup,
        ),
        Record::Document(Document::new(
            "article".into(),
            "A talk by the sea".into(),
            Access::Primary,
        )),
        Record::Commitment(pledge("pledge")),
        Record::Statement(claim),
        Record::Statement(denial),
    ]
}
