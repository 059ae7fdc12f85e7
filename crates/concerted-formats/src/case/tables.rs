//! The tables of the case folder, column by column. Names and meanings are a published promise:
//! a later version may add columns, it never renames or removes one without a new case version.

use super::cell::{RawHash, Text, Texts, Time};
use super::divisions::{CampRow, DivisionRow, IssueRow, SideRow, SloganRow};
use super::row::{Row, Table, table};
use concerted_engine::post::PostRef;

/// Every table, in the order of the documentation.
pub const TABLES: &[Table] = &[
    GroupRow::TABLE,
    MemberRow::TABLE,
    LabelRow::TABLE,
    WindowRow::TABLE,
    CampRow::TABLE,
    IssueRow::TABLE,
    DivisionRow::TABLE,
    SideRow::TABLE,
    SloganRow::TABLE,
    EvidenceRow::TABLE,
    PairRow::TABLE,
    PostRow::TABLE,
    ProblemRow::TABLE,
    PseudonymRow::TABLE,
    NodeRow::TABLE,
    EdgeRow::TABLE,
    RuleTieRow::TABLE,
];

table! {
    /// The groups of accounts that acted together more than chance allows, best first. A group is
    /// coordinated; whether that is innocent, and who is behind it, no number here says.
    GroupRow<'a> in "groups.csv", a row is "a group" {
        /// Name of the group within this case.
        group_id: Text<'a> [""],
        /// Accounts in the group.
        accounts: u64 ["accounts"],
        /// Accounts of the core: those with at least three joint runs.
        core: u64 ["accounts"],
        /// Runs in which at least two members met, on different objects.
        joint_actions: u64 ["runs"],
        /// How many such runs chance alone would bring, given how active each member is and how
        /// many took part in each burst.
        expected: f64 ["runs"],
        /// Members' shares behind the first of each run.
        repeats: u64 ["shares"],
        /// How many of the shares there chance alone would give to members.
        expected_repeats: f64 ["shares"],
        /// E', the logarithm of the evidence against independence after paying for having searched
        /// every group of this size. 3 is about 1 in 20, each further 2.3 is ten times stronger.
        /// It is relative to this corpus.
        score: f64 ["nats"],
        /// Which search found it: `bursts` (whatever was shared), `rare-originals` (originals on
        /// objects that few accounts share), or `both`.
        found_by: Text<'a> [""],
        /// How the timing stands out: `joint timing` or `same interests`, and `timed` or
        /// `same items`. It sorts, it does not clear.
        grade: Text<'a> [""],
        /// The time scale at which the evidence is strongest.
        scale_s: u64 ["s"],
        /// The behaviours that its runs show.
        detectors: Texts<'a> [""],
        /// First joint action.
        first: Time [""],
        /// Last joint action.
        last: Time [""],
        /// Innocent readings that fit, strongest first; see `labels.csv` for their figures. A
        /// label explains, it never acquits.
        looks_like: Texts<'a> [""],
    }
}

table! {
    /// The accounts named as members. An account that joined one run only is never named.
    MemberRow<'a> in "members.csv", a row is "a named member of a group" {
        /// The group.
        group_id: Text<'a> [""],
        /// The account.
        account_id: Text<'a> [""],
        /// `core` (at least three joint runs) or `probable` (two).
        role: Text<'a> [""],
        /// Runs of the other members in which this account took part.
        joint_runs: u64 ["runs"],
        /// In how many of them chance alone would put it, given its activity.
        expected: f64 ["runs"],
        /// Chance of at least `joint_runs` when `expected` are due (Poisson).
        p_own_tail: f64 ["probability"],
        /// Runs that this account opened.
        first_count: u64 ["runs"],
    }
}

table! {
    /// Every innocent reading that fits a group, with the figures that make it fit.
    LabelRow<'a> in "labels.csv", a row is "an innocent reading of a group" {
        /// The group.
        group_id: Text<'a> [""],
        /// The reading, as in `looks_like`.
        label: Text<'a> [""],
        /// The measured value that decided.
        value: f64 [""],
        /// The value from which the reading fits.
        threshold: f64 [""],
        /// All figures of the rule in words.
        figures: Text<'a> [""],
    }
}

table! {
    /// How the meetings of each group depend on the window, over everything that its members shared.
    /// A group found among rare originals is counted over those alone in `groups.csv`, so that the two
    /// may differ at its own window.
    WindowRow<'a> in "windows.csv", a row is "a group at a window" {
        /// The group.
        group_id: Text<'a> [""],
        /// A member who shares an object at most this long after another continues the same run.
        window_s: u64 ["s"],
        /// Runs in which at least two members met, on different objects.
        joint_actions: u64 ["runs"],
        /// How many such runs chance alone would bring.
        expected: f64 ["runs"],
        /// How often a member shared an object behind another within the window, as in `groups.csv`.
        repeats: u64 ["shares"],
        /// How many of the shares there would be members' by chance alone.
        expected_repeats: f64 ["shares"],
    }
}

table! {
    /// The posts that each group, and each pair that is more than chance, rests on. Joined to `posts.parquet` by `source_file` and
    /// `source_row`, and to the raw input by `raw_sha256`.
    EvidenceRow<'a> in "evidence.parquet", a row is "a post behind a group or pair" {
        /// The group; null where the post is behind a pair.
        group_id: Text<'a> [""],
        /// The pair; null where the post is behind a group.
        pair_id: Text<'a> [""],
        /// The behaviour it shows.
        detector: Text<'a> [""],
        /// What was put before people: a canonical link, a reposted post, a text, ...
        object: Text<'a> [""],
        /// The post.
        post_id: Text<'a> [""],
        /// Who posted it.
        account_id: Text<'a> [""],
        /// When.
        time: Time [""],
        /// How long after the first post of the same run.
        lag_s: f64 ["s"],
        /// Number of the joint act within the group or pair, from 1 in order of time; posts with the same
        /// number were one act.
        run: u64 [""],
        /// Name of the input it was read from.
        source_file: Text<'a> [""],
        /// Row of that input.
        source_row: u64 [""],
        /// SHA-256 of the raw record.
        raw_sha256: RawHash ["hex"],
        /// Accounts outside the group that shared the object at any time; null for pairs.
        outsiders: Option<u64> ["accounts"],
    }
}

table! {
    /// The pairs of accounts that were tested, whatever came out. The correction counts all pairs
    /// of accounts that could have met, also those that never did and have no row.
    PairRow<'a> in "pairs.parquet", a row is "a tested pair of accounts" {
        /// Name of the pair within this case where it is more than chance (`q_value` at most `pair_q` of
        /// `case.toml`); such a pair has its posts in `evidence.parquet`.
        pair_id: Text<'a> [""],
        /// The behaviour.
        detector: Text<'a> [""],
        /// One account; `account_a` is less than `account_b` byte by byte.
        account_a: Text<'a> [""],
        /// The other account.
        account_b: Text<'a> [""],
        /// Two shares this far apart or less count as one joint action.
        window_s: u64 ["s"],
        /// Joint actions, on different objects.
        joint_actions: u64 ["actions"],
        /// Different objects among them.
        objects: u64 ["objects"],
        /// How many chance alone would bring.
        expected: f64 ["actions"],
        /// Chance of at least `joint_actions` when `expected` are due (Poisson); 0 where it is
        /// below what a number can hold, then see `ln_p`.
        p_value: f64 ["probability"],
        /// Smallest false-discovery rate at which this pair is kept (Benjamini and Hochberg 1995),
        /// against independence, not against innocence.
        q_value: f64 ["probability"],
        /// Natural logarithm of `p_value`, which stays exact where `p_value` is 0.
        ln_p: f64 ["nats"],
        /// Median time between the two posts of a joint action.
        median_lag_s: f64 ["s"],
        /// First joint action.
        first: Time [""],
        /// Last joint action.
        last: Time [""],
    }
}

table! {
    /// Every post as it was understood, in the order of reading. What the source does not say is
    /// null.
    PostRow<'a> in "posts.parquet", a row is "a post as understood" {
        /// The platform's id of the post.
        post_id: Text<'a> [""],
        /// The platform's id of the account, or its handle where no id is given.
        account_id: Text<'a> [""],
        /// Handle or display name beside the id.
        account_name: Text<'a> [""],
        /// The platform.
        platform: Text<'a> [""],
        /// When it was posted.
        time: Time [""],
        /// The text as written.
        text: Text<'a> [""],
        /// The language as the source labels it.
        lang: Text<'a> [""],
        /// Whether it repeats another post unchanged; null where the source cannot tell.
        is_repost: Option<bool> [""],
        /// The post that it repeats.
        repost_of: Text<'a> [""],
        /// The account whose post it repeats.
        repost_of_account: Text<'a> [""],
        /// The post that it quotes with words of its own.
        quote_of: Text<'a> [""],
        /// The post that it answers.
        reply_to: Text<'a> [""],
        /// The account that it answers.
        reply_to_account: Text<'a> [""],
        /// Links as written or as the platform expanded them.
        urls: Texts<'a> [""],
        /// Hashtags without the sign.
        hashtags: Texts<'a> [""],
        /// Accounts mentioned, without the sign.
        mentions: Texts<'a> [""],
        /// Hashes or ids of images and videos.
        media: Texts<'a> [""],
        /// Ready-made objects of a share table, each as `kind:id`.
        objects: Texts<'a> [""],
        /// The same links in canonical form, which is what is compared.
        links: Texts<'a> [""],
        /// Registrable domains of the links.
        domains: Texts<'a> [""],
        /// The text object it belongs to: posts whose texts count as the same share it. Null where
        /// the text is too short to compare.
        text_object: Text<'a> [""],
        /// Name of the input it was read from, as in `case.toml`.
        source_file: Text<'a> [""],
        /// Row of that input: the line for lines of text (a header is row 1), the record for
        /// Parquet and sheets.
        source_row: u64 [""],
        /// SHA-256 of the raw record.
        raw_sha256: RawHash ["hex"],
    }
}

table! {
    /// What was wrong with the input. Nothing is dropped silently: a row that was left out is here,
    /// and so is a row that counts although something is doubtful.
    ProblemRow<'a> in "problems.csv", a row is "a rejected or doubtful row" {
        /// Name of the input.
        file: Text<'a> [""],
        /// Row of the input; empty where the whole file is meant.
        row: Option<u64> [""],
        /// Column as the input names it.
        column: Text<'a> [""],
        /// What is wrong, in a word that `concerted explain` knows.
        kind: Text<'a> [""],
        /// The value and the reason.
        detail: Text<'a> [""],
        /// Whether the row was left out.
        refused: bool [""],
    }
}

table! {
    /// The names under which the report shows accounts: a hash of the account id keyed with
    /// `pseudonym.key`.
    PseudonymRow<'a> in "pseudonyms.csv", a row is "an account that is shown" {
        /// The account.
        account_id: Text<'a> [""],
        /// The name it is shown under: `account-` and at least six hexadecimal digits of
        /// HMAC-SHA-256 of the account id, more where two accounts would share them.
        pseudonym: Text<'a> [""],
    }
}

table! {
    /// The accounts of the network, in `network.graphml`, `network.gexf` and
    /// `network-dynamic.gexf`. A node's id is its account id.
    NodeRow<'a> in "network (nodes)", a row is "an account of the network" {
        /// The account.
        account_id: Text<'a> [""],
        /// The name to show.
        label: Text<'a> [""],
        /// The platform.
        platform: Text<'a> [""],
        /// The group it belongs to.
        cluster: Text<'a> [""],
        /// Posts of the account in this corpus.
        n_posts: u64 ["posts"],
        /// First post in this corpus.
        first_seen: Option<Time> [""],
        /// Last post in this corpus.
        last_seen: Option<Time> [""],
        /// When the account was created, where the source tells.
        created_at: Option<Time> [""],
        /// Score of its group (E').
        score: f64 ["nats"],
        /// Its pseudonym.
        pseudonym: Text<'a> [""],
        /// Place in the picture. In GEXF it is `viz:position`.
        x: f64 [""],
        /// Place in the picture.
        y: f64 [""],
        /// Size in the picture. In GEXF it is `viz:size`.
        size: f64 [""],
        /// Colour in the picture, `#rrggbb`. In GEXF it is `viz:color`.
        color: Text<'a> [""],
    }
}

table! {
    /// The ties of the network: pairs of accounts kept after correction. Ties have no direction.
    EdgeRow<'a> in "network (edges)", a row is "a tie between two accounts" {
        /// One account.
        source: Text<'a> [""],
        /// The other account.
        target: Text<'a> [""],
        /// Joint actions, or the weight that the scan chose for the picture.
        weight: f64 [""],
        /// Different objects they met on.
        n_objects: u64 ["objects"],
        /// Median time between their two posts.
        median_lag_s: f64 ["s"],
        /// Shortest time between their two posts.
        min_lag_s: f64 ["s"],
        /// The behaviour, several joined with `;`.
        kind: Text<'a> [""],
        /// Chance of as many joint actions.
        p_value: f64 ["probability"],
        /// First joint action.
        first: Time [""],
        /// Last joint action.
        last: Time [""],
    }
}

table! {
    /// What a published rule ties, as `concerted compare --edges` writes it, to CSV or Parquet by the
    /// ending of the file; not part of a case. What a rule does not tell is empty.
    RuleTieRow<'a> in "edges (compare)", a row is "a pair of accounts that a published rule ties" {
        /// One account. Where the rule has a direction the tie starts here, else it is less than
        /// `account_b` byte by byte.
        account_a: Text<'a> [""],
        /// The other account.
        account_b: Text<'a> [""],
        /// The weight as the rule counts it: pairs of shares, posts, objects, or a cosine.
        weight: f64 [""],
        /// Whether the rule's cut keeps it.
        kept: bool [""],
        /// Mean time between the two shares.
        mean_lag_s: Option<f64> ["s"],
        /// The objects behind it.
        objects: Texts<'a> [""],
        /// The weight within the shorter window (`--speed`).
        fast_weight: Option<f64> [""],
        /// Mean time between the two shares there.
        fast_mean_lag_s: Option<f64> ["s"],
        /// Whether the rule's cut keeps it there.
        fast_kept: Option<bool> [""],
    }
}

impl<'a> PostRow<'a> {
    /// The row of a post that was read from the input of this name, borrowed. Canonical links,
    /// their domains and the text object are for the caller to add: they come of normalising.
    pub fn of(post: PostRef<'a>, source_file: &'a str) -> Self {
        let source = post.source();
        Self {
            post_id: post.post_id().into(),
            account_id: post.account_id().into(),
            account_name: post.account_name().into(),
            platform: post.platform().into(),
            time: Time(post.time()),
            text: post.text().into(),
            lang: post.lang().into(),
            is_repost: post.is_repost(),
            repost_of: post.repost_of().into(),
            repost_of_account: post.repost_of_account().into(),
            quote_of: post.quote_of().into(),
            reply_to: post.reply_to().into(),
            reply_to_account: post.reply_to_account().into(),
            urls: post.urls().map(Into::into).collect(),
            hashtags: post.hashtags().map(Into::into).collect(),
            mentions: post.mentions().map(Into::into).collect(),
            media: post.media().map(Into::into).collect(),
            objects: post
                .objects()
                .map(|(kind, id)| format!("{kind}:{id}").into())
                .collect(),
            source_file: source_file.into(),
            source_row: source.row,
            raw_sha256: RawHash(source.sha256),
            ..Self::default()
        }
    }
}
