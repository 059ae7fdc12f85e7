//! Posts as one published rule sees them: who shared which of its objects, in which content, when.

use super::{Network, traces};
use crate::columns::Names;
use crate::normalize::Understood;
use crate::pairs::window_join::{Join, Meeting};
use crate::post::Millis;
use crate::share::{Corpus, Share};
use crate::traces::window_ends;

/// The shares of a rule, with what it needs to know of the posts behind them.
#[derive(Clone, Debug)]
pub struct ShareTable {
    /// Shares, accounts and objects. Accounts have the numbers that they have in every corpus of the
    /// same posts.
    pub corpus: Corpus,
    /// For each post the number of its content: posts of one platform id are one content, whoever
    /// posted them.
    pub(super) content: Vec<u32>,
    /// For each object the content that it is, where an object is a post by its id.
    pub(super) content_of_object: Vec<Option<u32>>,
    /// For each object when it was posted itself, where it is a post of this corpus.
    pub(super) posted: Vec<Option<Millis>>,
    /// For each post its different words, ascending by number; empty unless the rule compares words.
    pub(super) words: Vec<Vec<u32>>,
    pub(super) recurring: bool,
}

impl ShareTable {
    /// The table of one network of a rule; `resolution` is the step of the clock in milliseconds.
    pub fn new(understood: &Understood<'_>, network: &Network, resolution: Millis) -> Self {
        let traces: Vec<_> = network.traces.iter().collect();
        let corpus = understood.corpus(&traces, resolution);
        let mut ids = Names::default();
        let mut first: Vec<Millis> = Vec::new();
        let mut nameless = u32::MAX;
        let mut content = Vec::with_capacity(understood.len());
        for number in 0..understood.len() {
            let view = understood.view(number);
            let id = view.post().post_id();
            if id.is_empty() {
                content.push(nameless);
                nameless -= 1;
                continue;
            }
            let code = ids.code(id);
            if code as usize == first.len() {
                first.push(view.post().time());
            }
            content.push(code);
        }
        let content_of_object: Vec<Option<u32>> = (0..corpus.objects.len())
            .map(|object| ids.find(corpus.objects.key.get(object)))
            .collect();
        let posted = content_of_object
            .iter()
            .map(|content| content.map(|content| first[content as usize]))
            .collect();
        let mut table = Self {
            corpus,
            content,
            content_of_object,
            posted,
            words: Vec::new(),
            recurring: network.recurring,
        };
        if network.compares_words {
            table.words = words(understood);
        }
        table
    }

    /// The content of a share.
    pub(super) fn content(&self, share: &Share) -> u32 {
        self.content[share.post as usize]
    }

    /// Columns of shares in order of object and time, and the shares themselves in that order.
    pub(super) fn by_object(shares: impl IntoIterator<Item = Share>) -> ByObject {
        let mut shares: Vec<Share> = shares.into_iter().collect();
        shares.sort_by_key(|share| (share.object, share.time));
        ByObject {
            account: shares.iter().map(|share| share.account).collect(),
            object: shares.iter().map(|share| share.object).collect(),
            time: shares.iter().map(|share| share.time).collect(),
            shares,
        }
    }
}

/// Shares sorted by object and time, as a join reads them.
pub(super) struct ByObject {
    pub(super) account: Vec<u32>,
    pub(super) object: Vec<u32>,
    pub(super) time: Vec<Millis>,
    pub(super) shares: Vec<Share>,
}

impl ByObject {
    /// Calls `visit` with all meetings within `window` milliseconds of each pair of accounts that met,
    /// also once; collects what it returns, in order of the pair.
    pub(super) fn for_each_pair<T: Send>(
        &self,
        window: Millis,
        visit: impl Fn(&[Meeting]) -> Option<T> + Sync,
    ) -> Vec<T> {
        let ends = [window_ends(&self.object, &self.time, window)];
        let join = Join {
            least: 1,
            ..Join::default()
        };
        let joined = join.for_each_pair(&self.account, &ends, |_, meetings| visit(meetings));
        joined.found.into_iter().flatten().collect()
    }
}

fn words(understood: &Understood<'_>) -> Vec<Vec<u32>> {
    let mut names = Names::default();
    (0..understood.len())
        .map(|number| {
            let view = understood.view(number);
            if view.is_repost() {
                return Vec::new();
            }
            let mut codes: Vec<u32> = traces::words(view.post().text())
                .iter()
                .map(|word| names.code(word))
                .collect();
            codes.sort_unstable();
            codes
        })
        .collect()
}
