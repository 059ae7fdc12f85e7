//! What comes out: a post, and beside it the truth about who was planted.

use crate::campaign::Campaign;

/// One simulated post. An empty string means none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimPost {
    /// Unique in the corpus.
    pub post_id: String,
    /// The account; planted and ordinary ones look the same.
    pub account_id: String,
    /// A handle.
    pub account_name: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub time_ms: i64,
    /// As named in the plan.
    pub platform: String,
    /// Two-letter code of the text's language.
    pub lang: &'static str,
    /// The text.
    pub text: String,
    /// Post that this one repeats.
    pub repost_of: String,
    /// Account whose post it repeats.
    pub repost_of_account: String,
    /// Post that it answers.
    pub reply_to: String,
    /// Account that it answers.
    pub reply_to_account: String,
    /// Links, some with tracking parameters.
    pub urls: Vec<String>,
    /// Hashtags without the sign.
    pub hashtags: Vec<String>,
    /// Hashes of images.
    pub media: Vec<String>,
    /// Title of the first link.
    pub link_title: String,
    /// The planted group and action it belongs to; never an output of `simulate`, only for scoring.
    pub planted: Option<Planted>,
}

/// Which joint action a post belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planted {
    /// Index of the group: campaigns in the order of the plan, then innocent groups.
    pub group: u32,
    /// Index of the joint action, from 0.
    pub action: u32,
}

/// One account of one planted group.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// The account.
    pub account_id: String,
    /// Name of the group.
    pub group_id: String,
    /// Index of the group, as in [`Planted`].
    pub group: u32,
    /// What it does there: `member`, `persona-a`, `persona-b`, `source`, `idol`, `fan`, `page`, `outlet`.
    pub role: &'static str,
    /// `campaign`, or the kind of innocent group.
    pub label: &'static str,
    /// In how many joint actions it takes part.
    pub joined: u32,
    /// The parameters, if this is a campaign.
    pub campaign: Option<Campaign>,
}

impl SimPost {
    /// Empties every field and keeps the allocations.
    pub fn clear(&mut self) {
        for field in [
            &mut self.post_id,
            &mut self.account_id,
            &mut self.account_name,
            &mut self.platform,
            &mut self.text,
            &mut self.repost_of,
            &mut self.repost_of_account,
            &mut self.reply_to,
            &mut self.reply_to_account,
            &mut self.link_title,
        ] {
            field.clear();
        }
        self.urls.clear();
        self.hashtags.clear();
        self.media.clear();
        self.time_ms = 0;
        self.lang = "";
        self.planted = None;
    }
}
