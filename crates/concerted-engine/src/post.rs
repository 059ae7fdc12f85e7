//! What a reader hands over: posts as it understood them, one by one or as columns.
//!
//! [`Post`] is one post with named fields, which a reader fills and reuses; [`Posts`] holds many as
//! columns, in the order of reading. Nothing here is judged yet: the same post may stand twice, links
//! are as written, times are whatever the source said. `normalize` turns posts into shares.

use crate::columns::{Lists, Names, Strings};
use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// Where a record stands in what was read: which input, which row, and the hash of its raw bytes.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Source {
    /// Index of the input in the plan, from 0.
    pub file: u32,
    /// Row of the input: the line for lines of text (a header is row 1), the record for Parquet and sheets.
    pub row: u64,
    /// SHA-256 of the raw record.
    pub sha256: [u8; 32],
}

/// One post as a reader understood it. An empty string means that the source does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The platform's id of the post.
    pub post_id: String,
    /// The platform's id of the account, or its handle where no id is given.
    pub account_id: String,
    /// The handle or display name beside the id.
    pub account_name: String,
    /// When it was posted.
    pub time: Millis,
    /// `twitter`, `facebook`, `telegram`, ...: the platform where the source tells it.
    pub platform: String,
    /// The text as written.
    pub text: String,
    /// The language as the source labels it.
    pub lang: String,
    /// Whether it repeats another post unchanged; `None` where the source cannot tell.
    pub is_repost: Option<bool>,
    /// Id of the post that it repeats.
    pub repost_of: String,
    /// Account whose post it repeats.
    pub repost_of_account: String,
    /// Id of the post that it quotes with words of its own.
    pub quote_of: String,
    /// Id of the post that it answers.
    pub reply_to: String,
    /// Account that it answers.
    pub reply_to_account: String,
    /// Links as written or expanded by the platform, in order.
    pub urls: Vec<String>,
    /// Hashtags without the sign, in order.
    pub hashtags: Vec<String>,
    /// Accounts mentioned, without the sign.
    pub mentions: Vec<String>,
    /// Hashes or ids of images and videos.
    pub media: Vec<String>,
    /// Title that the platform shows for the link.
    pub link_title: String,
    /// Ready-made objects of a share table: (kind, id), where the kind is one of `repost`, `link`,
    /// `hashtag`, `text`, `media`, `reply`, `domain`, or empty where the table does not tell.
    pub objects: Vec<(String, String)>,
    /// Where it stands in what was read.
    pub source: Source,
}

impl Post {
    /// Empties every field and keeps the allocations, so that a reader can reuse one post.
    pub fn clear(&mut self) {
        for field in [
            &mut self.post_id,
            &mut self.account_id,
            &mut self.account_name,
            &mut self.platform,
            &mut self.text,
            &mut self.lang,
            &mut self.repost_of,
            &mut self.repost_of_account,
            &mut self.quote_of,
            &mut self.reply_to,
            &mut self.reply_to_account,
            &mut self.link_title,
        ] {
            field.clear();
        }
        for list in [
            &mut self.urls,
            &mut self.hashtags,
            &mut self.mentions,
            &mut self.media,
        ] {
            list.clear();
        }
        self.objects.clear();
        self.time = 0;
        self.is_repost = None;
        self.source = Source::default();
    }
}

/// Posts as columns, in the order of reading.
#[derive(Clone, Debug, Default)]
pub struct Posts {
    post_id: Strings,
    accounts: Names,
    account: Vec<u32>,
    account_names: Names,
    account_name: Vec<u32>,
    time: Vec<Millis>,
    platforms: Names,
    platform: Vec<u32>,
    text: Strings,
    langs: Names,
    lang: Vec<u32>,
    is_repost: Vec<Option<bool>>,
    repost_of: Strings,
    repost_of_account: Strings,
    quote_of: Strings,
    reply_to: Strings,
    reply_to_account: Strings,
    urls: Lists,
    hashtags: Lists,
    mentions: Lists,
    media: Lists,
    link_title: Strings,
    object_kinds: Lists,
    object_ids: Lists,
    source: Vec<Source>,
}

/// One row of [`Posts`], borrowed. Fields as in [`Post`].
#[derive(Clone, Copy)]
pub struct PostRef<'a> {
    posts: &'a Posts,
    row: usize,
}

impl Posts {
    /// Adds a post.
    pub fn push(&mut self, post: &Post) {
        self.post_id.push(&post.post_id);
        self.account.push(self.accounts.code(&post.account_id));
        self.account_name
            .push(self.account_names.code(&post.account_name));
        self.time.push(post.time);
        self.platform.push(self.platforms.code(&post.platform));
        self.text.push(&post.text);
        self.lang.push(self.langs.code(&post.lang));
        self.is_repost.push(post.is_repost);
        self.repost_of.push(&post.repost_of);
        self.repost_of_account.push(&post.repost_of_account);
        self.quote_of.push(&post.quote_of);
        self.reply_to.push(&post.reply_to);
        self.reply_to_account.push(&post.reply_to_account);
        self.urls.push(&post.urls);
        self.hashtags.push(&post.hashtags);
        self.mentions.push(&post.mentions);
        self.media.push(&post.media);
        self.link_title.push(&post.link_title);
        self.object_kinds
            .push(post.objects.iter().map(|object| &object.0));
        self.object_ids
            .push(post.objects.iter().map(|object| &object.1));
        self.source.push(post.source);
    }

    /// Puts other posts behind these.
    pub fn append(&mut self, other: &Self) {
        let recode = |mine: &mut Names, theirs: &Names| -> Vec<u32> {
            theirs.iter().map(|name| mine.code(name)).collect()
        };
        for (names, column, their_names, their_column) in [
            (
                &mut self.accounts,
                &mut self.account,
                &other.accounts,
                &other.account,
            ),
            (
                &mut self.account_names,
                &mut self.account_name,
                &other.account_names,
                &other.account_name,
            ),
            (
                &mut self.platforms,
                &mut self.platform,
                &other.platforms,
                &other.platform,
            ),
            (&mut self.langs, &mut self.lang, &other.langs, &other.lang),
        ] {
            let codes = recode(names, their_names);
            column.extend(their_column.iter().map(|&code| codes[code as usize]));
        }
        self.post_id.append(&other.post_id);
        self.time.extend(&other.time);
        self.text.append(&other.text);
        self.is_repost.extend(&other.is_repost);
        self.repost_of.append(&other.repost_of);
        self.repost_of_account.append(&other.repost_of_account);
        self.quote_of.append(&other.quote_of);
        self.reply_to.append(&other.reply_to);
        self.reply_to_account.append(&other.reply_to_account);
        self.urls.append(&other.urls);
        self.hashtags.append(&other.hashtags);
        self.mentions.append(&other.mentions);
        self.media.append(&other.media);
        self.link_title.append(&other.link_title);
        self.object_kinds.append(&other.object_kinds);
        self.object_ids.append(&other.object_ids);
        self.source.extend(&other.source);
    }

    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// Whether there is no post.
    pub fn is_empty(&self) -> bool {
        self.time.is_empty()
    }

    /// The post of a row.
    pub fn get(&self, row: usize) -> PostRef<'_> {
        assert!(row < self.len(), "row {row} of {} posts", self.len());
        PostRef { posts: self, row }
    }

    /// The posts in the order of reading.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = PostRef<'_>> {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The accounts that posted, numbered by first appearance.
    pub fn accounts(&self) -> &Names {
        &self.accounts
    }
}

impl std::fmt::Debug for PostRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.to_post())
    }
}

macro_rules! text_fields {
    ($($field:ident)*) => {$(
        #[doc = concat!("See [`Post::", stringify!($field), "`].")]
        pub fn $field(&self) -> &'a str {
            self.posts.$field.get(self.row)
        }
    )*};
}

macro_rules! list_fields {
    ($($field:ident)*) => {$(
        #[doc = concat!("See [`Post::", stringify!($field), "`].")]
        pub fn $field(&self) -> impl ExactSizeIterator<Item = &'a str> + Clone + use<'a> {
            self.posts.$field.get(self.row)
        }
    )*};
}

impl<'a> PostRef<'a> {
    text_fields! { post_id text repost_of repost_of_account quote_of reply_to reply_to_account link_title }
    list_fields! { urls hashtags mentions media }

    /// The row in the order of reading.
    pub fn row(&self) -> usize {
        self.row
    }

    /// Number of the account among [`Posts::accounts`].
    pub fn account(&self) -> u32 {
        self.posts.account[self.row]
    }

    /// See [`Post::account_id`].
    pub fn account_id(&self) -> &'a str {
        self.posts.accounts.name(self.account())
    }

    /// See [`Post::account_name`].
    pub fn account_name(&self) -> &'a str {
        self.posts
            .account_names
            .name(self.posts.account_name[self.row])
    }

    /// See [`Post::time`].
    pub fn time(&self) -> Millis {
        self.posts.time[self.row]
    }

    /// See [`Post::platform`].
    pub fn platform(&self) -> &'a str {
        self.posts.platforms.name(self.posts.platform[self.row])
    }

    /// See [`Post::lang`].
    pub fn lang(&self) -> &'a str {
        self.posts.langs.name(self.posts.lang[self.row])
    }

    /// See [`Post::is_repost`].
    pub fn is_repost(&self) -> Option<bool> {
        self.posts.is_repost[self.row]
    }

    /// See [`Post::objects`].
    pub fn objects(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        self.posts
            .object_kinds
            .get(self.row)
            .zip(self.posts.object_ids.get(self.row))
    }

    /// See [`Post::source`].
    pub fn source(&self) -> Source {
        self.posts.source[self.row]
    }

    /// An owned copy.
    pub fn to_post(&self) -> Post {
        let owned =
            |items: &mut dyn Iterator<Item = &'a str>| items.map(str::to_owned).collect::<Vec<_>>();
        Post {
            post_id: self.post_id().into(),
            account_id: self.account_id().into(),
            account_name: self.account_name().into(),
            time: self.time(),
            platform: self.platform().into(),
            text: self.text().into(),
            lang: self.lang().into(),
            is_repost: self.is_repost(),
            repost_of: self.repost_of().into(),
            repost_of_account: self.repost_of_account().into(),
            quote_of: self.quote_of().into(),
            reply_to: self.reply_to().into(),
            reply_to_account: self.reply_to_account().into(),
            urls: owned(&mut self.urls()),
            hashtags: owned(&mut self.hashtags()),
            mentions: owned(&mut self.mentions()),
            media: owned(&mut self.media()),
            link_title: self.link_title().into(),
            objects: self
                .objects()
                .map(|(kind, id)| (kind.into(), id.into()))
                .collect(),
            source: self.source(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_post_comes_back_as_it_was_pushed_also_after_appending() {
        let post = Post {
            post_id: "1".into(),
            account_id: "a".into(),
            time: 7,
            urls: vec!["u".into(), "v".into()],
            objects: vec![("link".into(), "9".into())],
            is_repost: Some(true),
            ..Post::default()
        };
        let (mut left, mut right) = (Posts::default(), Posts::default());
        left.push(&Post {
            account_id: "b".into(),
            ..Post::default()
        });
        right.push(&post);
        left.append(&right);
        assert_eq!(left.get(1).to_post(), post);
        assert_eq!(left.get(1).account(), 1);
    }
}
