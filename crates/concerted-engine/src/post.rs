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

/// Posts as columns, in the order of reading. A field that no post has costs no memory.
#[derive(Clone, Debug, Default)]
pub struct Posts {
    post_id: Cells<Strings>,
    accounts: Names,
    account: Vec<u32>,
    account_names: Names,
    account_name: Sparse<u32>,
    time: Vec<Millis>,
    platforms: Names,
    platform: Sparse<u32>,
    text: Cells<Strings>,
    langs: Names,
    lang: Sparse<u32>,
    is_repost: Sparse<Option<bool>>,
    repost_of: Cells<Strings>,
    repost_of_account: Cells<Strings>,
    quote_of: Cells<Strings>,
    reply_to: Cells<Strings>,
    reply_to_account: Cells<Strings>,
    urls: Cells<Lists>,
    hashtags: Cells<Lists>,
    mentions: Cells<Lists>,
    media: Cells<Lists>,
    link_title: Cells<Strings>,
    object_kinds: Names,
    /// Each object as its kind's number, as a character, and its id.
    objects: Cells<Lists>,
    file: Sparse<u32>,
    row: Runs,
    sha256: Sparse<[u8; 32]>,
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
        for (cells, cell) in [
            (&mut self.post_id, &post.post_id),
            (&mut self.text, &post.text),
            (&mut self.repost_of, &post.repost_of),
            (&mut self.repost_of_account, &post.repost_of_account),
            (&mut self.quote_of, &post.quote_of),
            (&mut self.reply_to, &post.reply_to),
            (&mut self.reply_to_account, &post.reply_to_account),
            (&mut self.link_title, &post.link_title),
        ] {
            cells.push(cell.as_str());
        }
        for (cells, items) in [
            (&mut self.urls, &post.urls),
            (&mut self.hashtags, &post.hashtags),
            (&mut self.mentions, &post.mentions),
            (&mut self.media, &post.media),
        ] {
            cells.push(items.as_slice());
        }
        if post.objects.is_empty() {
            self.objects.push(&[] as &[String]);
        } else {
            let objects: Vec<String> = post
                .objects
                .iter()
                .map(|(kind, id)| {
                    let mut cell = String::with_capacity(id.len() + 1);
                    cell.push(character(self.object_kinds.code(kind)));
                    cell.push_str(id);
                    cell
                })
                .collect();
            self.objects.push(objects.as_slice());
        }
        self.account.push(self.accounts.code(&post.account_id));
        self.account_name
            .push(self.account_names.code(&post.account_name));
        self.time.push(post.time);
        self.platform.push(self.platforms.code(&post.platform));
        self.lang.push(self.langs.code(&post.lang));
        self.is_repost.push(post.is_repost);
        self.file.push(post.source.file);
        self.row.push(post.source.row);
        self.sha256.push(post.source.sha256);
    }

    /// Puts other posts behind these.
    pub fn append(&mut self, other: &Self) {
        let recode = |mine: &mut Names, theirs: &Names| -> Vec<u32> {
            theirs.iter().map(|name| mine.code(name)).collect()
        };
        let codes = recode(&mut self.accounts, &other.accounts);
        self.account
            .extend(other.account.iter().map(|&code| codes[code as usize]));
        for (names, column, their_names, their_column) in [
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
            for row in 0..their_column.rows {
                column.push(codes[their_column.get(row) as usize]);
            }
        }
        for (mine, theirs) in [
            (&mut self.post_id, &other.post_id),
            (&mut self.text, &other.text),
            (&mut self.repost_of, &other.repost_of),
            (&mut self.repost_of_account, &other.repost_of_account),
            (&mut self.quote_of, &other.quote_of),
            (&mut self.reply_to, &other.reply_to),
            (&mut self.reply_to_account, &other.reply_to_account),
            (&mut self.link_title, &other.link_title),
        ] {
            mine.append(theirs);
        }
        for (mine, theirs) in [
            (&mut self.urls, &other.urls),
            (&mut self.hashtags, &other.hashtags),
            (&mut self.mentions, &other.mentions),
            (&mut self.media, &other.media),
        ] {
            mine.append(theirs);
        }
        if self.object_kinds.iter().eq(other.object_kinds.iter()) {
            self.objects.append(&other.objects);
        } else {
            for post in other.iter() {
                let objects: Vec<String> = post
                    .objects()
                    .map(|(kind, id)| format!("{}{id}", character(self.object_kinds.code(kind))))
                    .collect();
                self.objects.push(objects.as_slice());
            }
        }
        self.time.extend(&other.time);
        self.is_repost.append(&other.is_repost);
        self.file.append(&other.file);
        self.row.append(&other.row);
        self.sha256.append(&other.sha256);
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
            self.posts.$field.text(self.row)
        }
    )*};
}

macro_rules! list_fields {
    ($($field:ident)*) => {$(
        #[doc = concat!("See [`Post::", stringify!($field), "`].")]
        pub fn $field(&self) -> impl ExactSizeIterator<Item = &'a str> + Clone + use<'a> {
            self.posts.$field.items(self.row)
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
            .name(self.posts.account_name.get(self.row))
    }

    /// See [`Post::time`].
    pub fn time(&self) -> Millis {
        self.posts.time[self.row]
    }

    /// See [`Post::platform`].
    pub fn platform(&self) -> &'a str {
        self.posts.platforms.name(self.posts.platform.get(self.row))
    }

    /// See [`Post::lang`].
    pub fn lang(&self) -> &'a str {
        self.posts.langs.name(self.posts.lang.get(self.row))
    }

    /// See [`Post::is_repost`].
    pub fn is_repost(&self) -> Option<bool> {
        self.posts.is_repost.get(self.row)
    }

    /// See [`Post::objects`].
    pub fn objects(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + Clone + use<'a> {
        let kinds = &self.posts.object_kinds;
        self.posts.objects.items(self.row).map(move |cell| {
            let mut rest = cell.chars();
            let kind = rest.next().expect("an object begins with its kind");
            (kinds.name(code(kind)), rest.as_str())
        })
    }

    /// See [`Post::source`].
    pub fn source(&self) -> Source {
        Source {
            file: self.posts.file.get(self.row),
            row: self.posts.row.get(self.row),
            sha256: self.posts.sha256.get(self.row),
        }
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

/// The number of a kind of object as a character; the numbers that are no character are passed over.
fn character(code: u32) -> char {
    char::from_u32(if code < 0xD800 { code } else { code + 0x800 })
        .expect("there are fewer than a million kinds of object")
}

/// The number behind a character.
fn code(character: char) -> u32 {
    let code = u32::from(character);
    if code < 0xD800 { code } else { code - 0x800 }
}

/// A column of values that stores none behind the last one that is not the default.
#[derive(Clone, Debug, Default)]
struct Sparse<T> {
    rows: usize,
    values: Vec<T>,
}

impl<T: Copy + Default + PartialEq> Sparse<T> {
    fn push(&mut self, value: T) {
        if value != T::default() {
            self.values.resize(self.rows, T::default());
            self.values.push(value);
        }
        self.rows += 1;
    }

    fn get(&self, row: usize) -> T {
        self.values.get(row).copied().unwrap_or_default()
    }

    fn append(&mut self, other: &Self) {
        if !other.values.is_empty() {
            self.values.resize(self.rows, T::default());
            self.values.extend(&other.values);
        }
        self.rows += other.rows;
    }
}

/// A column of texts or lists that stores none behind the last one that is not empty; the first row is
/// always stored.
#[derive(Clone, Debug, Default)]
struct Cells<C> {
    rows: usize,
    cells: C,
}

impl Cells<Strings> {
    fn push(&mut self, cell: &str) {
        if !cell.is_empty() || self.rows == 0 {
            self.fill();
            self.cells.push(cell);
        }
        self.rows += 1;
    }

    fn fill(&mut self) {
        while self.cells.len() < self.rows {
            self.cells.push("");
        }
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(str::is_empty)
    }

    fn text(&self, row: usize) -> &str {
        if row < self.cells.len() {
            self.cells.get(row)
        } else {
            ""
        }
    }

    fn append(&mut self, other: &Self) {
        // What holds nothing costs nothing behind something else either.
        if self.rows == 0 || !other.is_blank() {
            self.fill();
            self.cells.append(&other.cells);
        }
        self.rows += other.rows;
    }
}

impl Cells<Lists> {
    fn push<S: AsRef<str>>(&mut self, items: &[S]) {
        if !items.is_empty() || self.rows == 0 {
            self.fill();
            self.cells.push(items);
        }
        self.rows += 1;
    }

    fn fill(&mut self) {
        while self.cells.len() < self.rows {
            self.cells.push([""; 0]);
        }
    }

    fn is_blank(&self) -> bool {
        (0..self.cells.len()).all(|row| self.cells.get(row).len() == 0)
    }

    fn items(&self, row: usize) -> impl ExactSizeIterator<Item = &str> + Clone {
        let (row, most) = if row < self.cells.len() {
            (row, usize::MAX)
        } else {
            (0, 0)
        };
        self.cells.get(row).take(most)
    }

    fn append(&mut self, other: &Self) {
        // What holds nothing costs nothing behind something else either.
        if self.rows == 0 || !other.is_blank() {
            self.fill();
            self.cells.append(&other.cells);
        }
        self.rows += other.rows;
    }
}

/// A column of numbers that mostly count up by one: only where a count begins is stored.
#[derive(Clone, Debug, Default)]
struct Runs {
    rows: usize,
    begins: Vec<(usize, u64)>,
}

impl Runs {
    fn push(&mut self, value: u64) {
        if self.next() != Some(value) {
            self.begins.push((self.rows, value));
        }
        self.rows += 1;
    }

    fn next(&self) -> Option<u64> {
        let &(row, value) = self.begins.last()?;
        Some(value + (self.rows - row) as u64)
    }

    fn get(&self, row: usize) -> u64 {
        let begun = self.begins.partition_point(|begin| begin.0 <= row);
        let (first, value) = self.begins[begun - 1];
        value + (row - first) as u64
    }

    fn append(&mut self, other: &Self) {
        let rows = self.rows;
        let continues = self.next().is_some() && self.next() == other.begins.first().map(|b| b.1);
        let theirs = other.begins.iter().skip(usize::from(continues));
        self.begins
            .extend(theirs.map(|&(row, value)| (rows + row, value)));
        self.rows += other.rows;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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

    /// A post in which every field is filled or none, and rows that count up or jump.
    fn any_post() -> impl Strategy<Value = Post> {
        let word = prop::sample::select(vec!["", "a", "b"]);
        let words = prop::collection::vec(prop::sample::select(vec!["", "x", "yz"]), 0..3);
        let objects = prop::collection::vec(
            (prop::sample::select(vec!["", "link", "text"]), 0u8..3),
            0..3,
        );
        (
            word,
            words,
            objects,
            any::<Option<bool>>(),
            0u64..3,
            any::<bool>(),
        )
            .prop_map(|(word, words, objects, is_repost, row, filled)| {
                let owned = |words: &[&str]| words.iter().map(|&word| word.into()).collect();
                let text = |word: &str| if filled { word.into() } else { String::new() };
                Post {
                    post_id: text(word),
                    account_id: word.into(),
                    account_name: text(word),
                    time: 3,
                    platform: text(word),
                    text: word.into(),
                    lang: text(word),
                    is_repost,
                    repost_of: text(word),
                    urls: owned(&words),
                    media: if filled { owned(&words) } else { Vec::new() },
                    objects: objects
                        .into_iter()
                        .map(|(kind, id)| (kind.into(), id.to_string()))
                        .collect(),
                    source: Source {
                        file: u32::from(filled),
                        row,
                        sha256: [u8::from(filled); 32],
                    },
                    ..Post::default()
                }
            })
    }

    proptest! {
        #[test]
        fn columns_give_back_what_they_were_given(
            parts in prop::collection::vec(prop::collection::vec(any_post(), 0..6), 0..5)
        ) {
            let mut whole = Posts::default();
            for part in &parts {
                let mut posts = Posts::default();
                for post in part {
                    posts.push(post);
                }
                whole.append(&posts);
            }
            let expected: Vec<Post> = parts.into_iter().flatten().collect();
            let found: Vec<Post> = whole.iter().map(|post| post.to_post()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
