//! How a share looks as a post: the text, the links, the hashtags, the marks of a repost.

use core::fmt::Write as _;

use crate::objects::{Article, Source};
use crate::post::SimPost;
use crate::random::{Seq, key, mix, unit};
use crate::voices::{About, Voice};
use crate::world::{AccountNumber, World};

impl World {
    /// Who, when, where; every post begins with this.
    pub(crate) fn open(
        &self,
        post: &mut SimPost,
        source: Source,
        account: AccountNumber,
        (platform, voice): (usize, &Voice),
        time: i64,
    ) {
        post.clear();
        self.write_post_id(source, &mut post.post_id);
        self.write_account(account, &mut post.account_id);
        self.write_handle(account, &mut post.account_name);
        post.platform
            .push_str(&self.platforms[platform % self.platforms.len()]);
        post.lang = voice.lang;
        post.time_ms = time;
    }

    /// What an organic original says. Its reposts say the same.
    pub(crate) fn say(&self, post: &mut SimPost, source: Source, community: u32) {
        let text = self.source_key(source);
        let about = match source {
            Source::Story { story, .. } => About::Event(self.story_key(story)),
            _ => About::Anything,
        };
        let own = self.community(community);
        own.voice.post(text, about, &mut post.text);
        let mut seq = Seq(mix(text));
        if seq.chance(0.35) {
            self.add_community_tag(post, community, unit(seq.bits()));
        }
        if seq.chance(0.12) {
            post.media.push(hash_text(seq.bits()));
        }
    }

    /// Makes a post the repost of another: the text is the other's, filled in by the caller.
    pub(crate) fn mark_repost(&self, post: &mut SimPost, source: Source, author: AccountNumber) {
        self.write_post_id(source, &mut post.repost_of);
        self.write_account(author, &mut post.repost_of_account);
    }

    /// Makes a post an answer.
    pub(crate) fn mark_reply(&self, post: &mut SimPost, source: Source, author: AccountNumber) {
        self.write_post_id(source, &mut post.reply_to);
        self.write_account(author, &mut post.reply_to_account);
        post.text.push('@');
        self.write_handle(author, &mut post.text);
        post.text.push(' ');
    }

    /// Links to an article and sets its title, both alike for all who link to it but for tracking parameters.
    pub(crate) fn link(&self, post: &mut SimPost, article: &Article, tracking: u64) {
        let voice = self.community(article.community).voice;
        voice.headline(article.key, article.about, &mut post.link_title);
        let mut site = String::with_capacity(24);
        self.write_outlet(article, &mut site);
        Self::link_on(post, &site, article.key, tracking);
    }

    /// Links to a page of a site.
    pub(crate) fn link_on(post: &mut SimPost, site: &str, page: u64, tracking: u64) {
        const SECTIONS: [&str; 5] = ["politics", "local", "opinion", "world", "live"];
        let mut seq = Seq(page ^ 5);
        let mut url = String::with_capacity(96);
        let _ = write!(url, "https://www.{site}/{}/", seq.of(&SECTIONS));
        crate::voices::slug(page, 3, &mut url);
        let _ = write!(url, "-{}", 100_000 + seq.below(900_000));
        let mut track = Seq(tracking);
        if track.chance(0.25) {
            if track.chance(0.5) {
                let _ = write!(url, "?utm_source={}&utm_medium=social", post.platform);
            } else {
                let _ = write!(url, "?fbclid=IwAR{:016x}", track.bits());
            }
        }
        post.urls.push(url);
    }

    /// Writes what stands beside a link: its title, a share button's line, or a comment.
    pub(crate) fn comment_on_link(&self, post: &mut SimPost, article: &Article, comment: u64) {
        let voice = self.community(article.community).voice;
        let mut seq = Seq(comment);
        match seq.below(10) {
            0..3 => post.text.push_str(&post.link_title),
            3..5 => {
                post.text.push_str(&post.link_title);
                let mut site = String::with_capacity(24);
                self.write_outlet(article, &mut site);
                voice.share(&site, article.key, &mut post.text);
            }
            5..8 => voice.post(seq.bits(), article.about, &mut post.text),
            _ => {
                voice.remark(seq.bits(), article.about, &mut post.text);
                voice.gap(&mut post.text);
                post.text.push_str(&post.link_title);
            }
        }
    }

    /// Puts the links at the end of the text, as some platforms do.
    pub(crate) fn close(post: &mut SimPost) {
        if post.platform != "facebook" {
            for url in &post.urls {
                if !post.text.is_empty() {
                    post.text.push(' ');
                }
                post.text.push_str(url);
            }
        }
    }

    /// Adds a hashtag to the text and to the list.
    pub(crate) fn add_tag(post: &mut SimPost, tag: &str) {
        if post.hashtags.iter().any(|t| t == tag) {
            return;
        }
        if !post.text.is_empty() {
            post.text.push(' ');
        }
        post.text.push('#');
        post.text.push_str(tag);
        post.hashtags.push(tag.to_owned());
    }

    /// Adds a hashtag that a community uses: one of its circle, or its side's word in a quarrel.
    pub(crate) fn add_community_tag(&self, post: &mut SimPost, community: u32, u: f64) {
        let own = self.community(community);
        let tag_key = self.tag(community, u);
        if tag_key % 10 < 3 {
            let issue = usize::try_from(tag_key % 4).unwrap_or(0);
            Self::add_tag(post, own.voice.issue_tag(issue, own.camp));
        } else {
            let mut tag = String::with_capacity(24);
            own.voice.tag(tag_key, &mut tag);
            Self::add_tag(post, &tag);
        }
    }
}

/// An image hash as platforms and tools print it.
pub(crate) fn hash_text(image: u64) -> String {
    format!("{:016x}", key(&[image]))
}
