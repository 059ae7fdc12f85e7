//! The closed lists of words that records are written with.
//!
//! They are data of the format: a word may be added in a later version, none changes its meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Declares an enum whose variants are written in snake case, with the word of each as text.
macro_rules! words {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum $name {
            $($(#[$inner])* #[serde(rename = $word)] $variant,)+
        }
        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The word as records carry it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value for a word, if it is in the list.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words! {
    /// What somebody did by saying it.
    Act {
        /// Gave a promise.
        Commit = "commit",
        /// Said a promise again.
        Reaffirm = "reaffirm",
        /// Asked for conduct, or that it end.
        Demand = "demand",
        /// Said that somebody did something.
        Allege = "allege",
        /// Judged what is or will be.
        Assess = "assess",
        /// Found, as an inquiry or court does.
        Find = "find",
        /// Said that it is not so.
        Deny = "deny",
        /// Refused the terms of the question.
        RejectFraming = "reject_framing",
        /// Granted a point.
        Concede = "concede",
        /// Would not say.
        NoComment = "no_comment",
        /// Said what was meant.
        Clarify = "clarify",
        /// Took it back.
        Retract = "retract",
        /// Published evidence.
        ReportEvidence = "report_evidence",
        /// Warned of what may come.
        Warn = "warn",
        /// Announced or took measures.
        RespondMeasures = "respond_measures",
    }
}

words! {
    /// How near the record is to the mouth of the speaker.
    Directness {
        /// Said on the record, read first-hand.
        OnRecordDirect = "on_record_direct",
        /// On the record, read in a transcript.
        OnRecordTranscript = "on_record_transcript",
        /// Reported by somebody with a name.
        ReportedNamed = "reported_named",
        /// Reported by people whose names are kept back.
        ReportedAnonymous = "reported_anonymous",
        /// Reported without saying by whom.
        ReportedUnattributed = "reported_unattributed",
        /// Taken from a paper that was not meant to be public.
        Leaked = "leaked",
    }
}

impl Directness {
    /// Whether the speaker's own words were given to the public by the speaker.
    pub fn on_record(self) -> bool {
        matches!(self, Self::OnRecordDirect | Self::OnRecordTranscript)
    }
}

words! {
    /// With which force something was asserted.
    Modality {
        /// Plainly said.
        Asserted = "asserted",
        /// Said with a hedge.
        Hedged = "hedged",
        /// Said under a condition.
        Conditional = "conditional",
        /// Said not to be so.
        Negated = "negated",
        /// Asked and not answered.
        Declined = "declined",
        /// Laid in somebody else's mouth.
        AttributedToOther = "attributed_to_other",
    }
}

words! {
    /// Where a promise stands. "Broken" is none of these: that is an assessment under a definition.
    Standing {
        /// Known by report only.
        Reported = "reported",
        /// Given on the record.
        OnRecord = "on_record",
        /// Said again since.
        Reaffirmed = "reaffirmed",
        /// Its existence or wording is disputed.
        Contested = "contested",
        /// Its time has passed.
        Expired = "expired",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How one record bears on another.
    RelationType {
        /// Says the promise again.
        Reaffirms = "reaffirms",
        /// Says that it is not so.
        Denies = "denies",
        /// Answers it.
        RespondsTo = "responds_to",
        /// Alleges conduct that a promise is about.
        AllegesConductRelevantTo = "alleges_conduct_relevant_to",
        /// Names it as its source.
        Cites = "cites",
        /// Repeats its words.
        Quotes = "quotes",
        /// Says the same from another source.
        Corroborates = "corroborates",
        /// Cannot be true together with it.
        Contradicts = "contradicts",
        /// Lies outside the scope of a promise.
        OutOfScopeOf = "out_of_scope_of",
        /// Takes its place.
        Supersedes = "supersedes",
        /// Is the same thing under another id.
        SameAs = "same_as",
        /// Was reported by this agent or document.
        ReportedBy = "reported_by",
        /// Speaks for it.
        Supports = "supports",
        /// Speaks against it.
        Undermines = "undermines",
    }
}

words! {
    /// What kind of party an agent is.
    AgentKind {
        /// One human being.
        Person = "person",
        /// An office, whoever holds it.
        Office = "office",
        /// A state.
        State = "state",
        /// An organisation.
        Organisation = "organisation",
        /// A news outlet.
        Outlet = "outlet",
        /// People whose names are kept back.
        AnonymousGroup = "anonymous_group",
    }
}

words! {
    /// The place of an agent in a chain of attribution.
    Role {
        /// Said it.
        Speaker = "speaker",
        /// Asked.
        Interviewer = "interviewer",
        /// Told it to whoever published it.
        Source = "source",
        /// Wrote it down.
        Reporter = "reporter",
        /// Put it before the public.
        Publisher = "publisher",
        /// Carried it on from the publisher.
        Republisher = "republisher",
    }
}

words! {
    /// In which form a step of the chain handed the words on.
    StepForm {
        /// Word for word.
        DirectQuote = "direct_quote",
        /// In other words.
        Paraphrase = "paraphrase",
        /// The speaker's words are not known.
        NotQuoted = "not_quoted",
        /// By somebody who is not named.
        Anonymous = "anonymous",
        /// In an interview.
        Interview = "interview",
        /// In a report of its own.
        Report = "report",
        /// In a transcript.
        Transcript = "transcript",
        /// In a part of a transcript.
        TranscriptExcerpt = "transcript_excerpt",
        /// In a report of state media.
        StateMediaReport = "state_media_report",
        /// In a copy of another's publication.
        Copy = "copy",
    }
}

words! {
    /// What kind of happening an event is.
    EventKind {
        /// A meeting of leaders.
        Summit = "summit",
        /// An election.
        Election = "election",
        /// An interview.
        Interview = "interview",
        /// A hearing.
        Hearing = "hearing",
        /// The publication of a report.
        Report = "report",
    }
}

words! {
    /// How a document was read.
    Access {
        /// The publication itself.
        Primary = "primary",
        /// A copy of it.
        Copy = "copy",
        /// Only what a third party quotes of it.
        QuotedByThirdParty = "quoted_by_third_party",
    }
}

words! {
    /// A caution about a document's origin.
    SourceFlag {
        /// Its host is on the list of sites that published operations used.
        KnownManipulationSite = "known_manipulation_site",
        /// A medium of a state.
        StateMedia = "state_media",
        /// A site of a campaign.
        CampaignSite = "campaign_site",
    }
}

words! {
    /// What form a promise had.
    Form {
        /// By mouth.
        Oral = "oral",
        /// In writing.
        Written = "written",
        /// Before the public.
        PublicStatement = "public_statement",
        /// In a treaty.
        Treaty = "treaty",
    }
}

words! {
    /// How well the wording of a promise is known.
    Wording {
        /// Word for word.
        Verbatim = "verbatim",
        /// In other words.
        Paraphrase = "paraphrase",
        /// Not at all.
        Unknown = "unknown",
    }
}

words! {
    /// What kind of thing an item of evidence is.
    EvidenceKind {
        /// A finding of this program.
        DetectorFinding = "detector_finding",
        /// A report by others.
        ThirdPartyReport = "third_party_report",
        /// A document.
        Document = "document",
        /// Data.
        Dataset = "dataset",
    }
}

words! {
    /// Whether evidence was seen or concluded.
    Basis {
        /// Seen in the posts themselves.
        Observed = "observed",
        /// Concluded from something else.
        Inferred = "inferred",
    }
}

words! {
    /// How far a judgement rests on good ground. Never said in one sentence with a likelihood.
    Confidence {
        /// Scant or doubtful sources.
        Low = "low",
        /// Credible sources, more than one reading.
        Moderate = "moderate",
        /// Good sources, one reading.
        High = "high",
    }
}

words! {
    /// How likely something is, in the seven terms of ICD 203.
    LikelihoodTerm {
        /// 1 to 5 per cent.
        AlmostNoChance = "almost no chance",
        /// 5 to 20 per cent.
        VeryUnlikely = "very unlikely",
        /// 20 to 45 per cent.
        Unlikely = "unlikely",
        /// 45 to 55 per cent.
        RoughlyEvenChance = "roughly even chance",
        /// 55 to 80 per cent.
        Likely = "likely",
        /// 80 to 95 per cent.
        VeryLikely = "very likely",
        /// 95 to 99 per cent.
        AlmostCertain = "almost certain",
    }
}

words! {
    /// How far an assessment has come.
    Status {
        /// Being written.
        Draft = "draft",
        /// Read by somebody else.
        Reviewed = "reviewed",
        /// Before the public.
        Published = "published",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// The answer to one criterion of a definition.
    Answer {
        /// Evidence shows it.
        Met = "met",
        /// Evidence shows the contrary.
        NotMet = "not_met",
        /// Nobody can say, which is the usual answer.
        Unknown = "unknown",
    }
}

words! {
    /// How far a source is to be relied on (Admiralty scale, the letter).
    Reliability {
        /// Completely reliable.
        A = "A",
        /// Usually reliable.
        B = "B",
        /// Fairly reliable.
        C = "C",
        /// Not usually reliable.
        D = "D",
        /// Unreliable.
        E = "E",
        /// Cannot be judged.
        F = "F",
    }
}

words! {
    /// How far one piece of information is to be believed (Admiralty scale, the number).
    Credibility {
        /// Confirmed by other sources.
        One = "1",
        /// Probably true.
        Two = "2",
        /// Possibly true.
        Three = "3",
        /// Doubtful.
        Four = "4",
        /// Improbable.
        Five = "5",
        /// Cannot be judged.
        Six = "6",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_written_as_it_is_named() {
        for act in Act::ALL {
            assert_eq!(serde_json::to_value(act).unwrap(), act.word());
            assert_eq!(Act::from_word(act.word()), Some(*act));
        }
        assert_eq!(Act::from_word("violated"), None);
    }
}
