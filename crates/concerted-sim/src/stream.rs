//! The posts of a plan, one after another in order of time.
//!
//! What is kept at any moment: the offsets of the posts of one minute, the participants of actions that are
//! still open, one pending post per planted account, and how many posts each community wrote in each of
//! the last 48 periods. Nothing grows with the number of posts.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::casting::groups;
use crate::clock::{HOUR_MS, MINUTE_MS, Minutes};
use crate::groups::{Group, truth};
use crate::objects::Source;
use crate::plan::{Plan, PlanError};
use crate::post::{SimPost, Truth};
use crate::random::{Draws, mix, whole, zipf};
use crate::turns::{Turn, Turns, first_chaff};
use crate::voices::About;
use crate::world::{AccountNumber, World};
use crate::writing::hash_text;

/// Periods for which posts are still found and reposted.
const MEMORY: usize = 48;
/// Posts by which a story breaks.
const FIRST_REPORTS: u32 = 5;

/// Yields the posts of a plan in order of time. See the crate's example.
#[derive(Debug)]
pub struct Stream {
    world: World,
    groups: Vec<Group>,
    turns: Turns,
    pending: BinaryHeap<Reverse<Turn>>,
    minutes: Minutes,
    draws: Draws,
    recent: Recent,
    /// The minute: its start, its end, the times of its posts from the last to the first.
    minute: (i64, i64),
    times: Vec<i64>,
    /// First reports of stories that broke in this minute.
    reports: Vec<(u32, u32)>,
    serial: u64,
    end_ms: i64,
    done: bool,
}

impl Stream {
    /// Begins a plan.
    pub fn new(plan: &Plan) -> Result<Self, PlanError> {
        plan.check()?;
        let world = World::new(plan);
        let groups = groups(plan, &world);
        Ok(Self {
            turns: Turns::new(&groups),
            pending: first_chaff(&groups, plan)
                .into_iter()
                .map(Reverse)
                .collect(),
            minutes: Minutes::new(plan),
            draws: Draws::new(plan.seed, 0),
            recent: Recent::new(world.communities.len()),
            minute: (plan.start_ms, plan.start_ms),
            times: Vec::new(),
            reports: Vec::new(),
            serial: 0,
            end_ms: plan.start_ms + i64::from(plan.days) * 24 * HOUR_MS,
            done: false,
            world,
            groups,
        })
    }

    /// Who was planted, group by group.
    pub fn truth(&self) -> Vec<Truth> {
        truth(&self.groups, &self.world)
    }

    /// Overwrites `post` with the next one; `false` when there is none. Saves the allocations that the iterator
    /// makes.
    pub fn fill(&mut self, post: &mut SimPost) -> bool {
        loop {
            let planted = self.pending.peek().map(|turn| turn.0.time);
            match (self.times.last().copied(), planted) {
                (Some(time), turn) if turn.is_none_or(|turn| time <= turn) => {
                    self.times.pop();
                    self.background(time, post);
                    return true;
                }
                (_, Some(time)) if time < self.minute.1 => {
                    if let Some(Reverse(turn)) = self.pending.pop() {
                        self.planted(turn, post);
                        return true;
                    }
                }
                _ if self.done => return false,
                _ => self.next_minute(),
            }
        }
    }

    fn next_minute(&mut self) {
        let Some((start, posts)) = self.minutes.next(&mut self.draws) else {
            self.done = true;
            return;
        };
        self.minute = (start, (start + MINUTE_MS).min(self.end_ms));
        let draws = &mut self.draws;
        self.times.clear();
        self.times.extend(
            (0..posts).map(|_| start + draws.below(MINUTE_MS.cast_unsigned()).cast_signed()),
        );
        self.times.sort_unstable_by(|a, b| b.cmp(a));
        for (story, _) in self.world.breaking(start, start + MINUTE_MS) {
            self.reports.extend((0..FIRST_REPORTS).map(|n| (story, n)));
        }
        let (pending, world, recent) = (&mut self.pending, &self.world, &self.recent);
        while self.turns.open(
            &self.groups,
            self.minute.1,
            |group, time| recent.draw(world, group.community, time, true, draws),
            |turn| pending.push(Reverse(turn)),
        ) {}
    }

    fn planted(&mut self, turn: Turn, post: &mut SimPost) {
        self.serial += 1;
        let group = &self.groups[turn.group as usize];
        if let Some(action) = turn.action {
            group.act(&self.world, &turn, action, self.serial, post);
            return;
        }
        let generation = self.turns.generation(turn.group, turn.slot);
        let account = group.account(&self.world, turn.slot, generation, None);
        let next = group.chaff_turn(turn.time, turn.slot, generation, self.draws.unit());
        self.pending.push(Reverse(next));
        let community = group.community;
        self.ordinary(turn.time, Some((account, community)), post);
    }

    fn background(&mut self, time: i64, post: &mut SimPost) {
        self.serial += 1;
        if let Some((story, n)) = self.reports.pop() {
            let source = Source::Story { story, n };
            let community = self.world.story_community(story);
            self.original(
                source,
                self.world.author(community, source),
                community,
                time,
                post,
            );
            return;
        }
        let u = self.draws.unit();
        match self.minutes.story(u) {
            Some(story) => self.about_story(story, time, post),
            None => self.ordinary(time, None, post),
        }
    }

    /// A post of no story, by a given account or by whoever is awake.
    fn ordinary(&mut self, time: i64, by: Option<(AccountNumber, u32)>, post: &mut SimPost) {
        let kind = self.draws.unit();
        if kind < 0.18 {
            let (source, account, community) = if let Some((account, community)) = by {
                (Source::Serial(self.serial), account, community)
            } else {
                let community = self.world.draw_community(&mut self.draws);
                let source = self.recent.add(&self.world, community, time);
                (source, self.world.author(community, source), community)
            };
            self.original(source, account, community, time, post);
            return;
        }
        let (account, community) = by.unwrap_or_else(|| self.awake(time));
        // Half of the time people do what they are known for.
        let kind = if self.draws.unit() < 0.5 {
            [0.3, 0.3, 0.6, 0.6, 0.8, 0.93]
                [usize::try_from(self.world.habit(account) % 6).unwrap_or(0)]
        } else {
            kind
        };
        let pool = self.world.taste(community, &mut self.draws);
        self.open(account, community, time, post);
        let wants_post = kind < 0.55 || (0.75..0.88).contains(&kind);
        let found = if wants_post {
            self.recent
                .draw(&self.world, pool, time, false, &mut self.draws)
        } else {
            None
        };
        if let Some(source) = found {
            let author = self.world.author(pool, source);
            if kind < 0.55 {
                self.world.say(post, source, pool);
                self.world.mark_repost(post, source, author);
            } else {
                self.world.mark_reply(post, source, author);
                let text = self.draws.bits();
                let voice = self.world.community(community).voice;
                voice.remark(text, About::Anything, &mut post.text);
            }
            return;
        }
        if kind < 0.88 {
            let article = self.world.draw_article(pool, time, false, &mut self.draws);
            self.world.link(post, &article, self.draws.bits());
            self.world
                .comment_on_link(post, &article, self.draws.bits());
            World::close(post);
            return;
        }
        let text = self.draws.bits();
        self.world
            .community(community)
            .voice
            .post(text, About::Anything, &mut post.text);
        if kind < 0.95 {
            for _ in 0..=self.draws.below(3) {
                self.world.add_community_tag(post, pool, self.draws.unit());
            }
        } else {
            let image = self.world.image(pool, time, self.draws.unit());
            post.media.push(hash_text(image));
        }
    }

    /// A post on a story that broke.
    fn about_story(&mut self, story: u32, time: i64, post: &mut SimPost) {
        let home = self.world.story_community(story);
        let community = self.world.taste(home, &mut self.draws);
        let account = self.world.account_in(community, self.draws.unit());
        self.open(account, community, time, post);
        let event = About::Event(self.world.story_key(story));
        let voice = self.world.community(home).voice;
        let kind = self.draws.unit();
        if kind < 0.5 {
            let n =
                u32::try_from(zipf(self.draws.unit(), u64::from(FIRST_REPORTS), 1.0)).unwrap_or(0);
            let source = Source::Story { story, n };
            self.world.say(post, source, home);
            self.world
                .mark_repost(post, source, self.world.author(home, source));
            return;
        }
        if kind < 0.8 {
            let article = self.world.story_article(story, self.draws.unit());
            self.world.link(post, &article, self.draws.bits());
            self.world
                .comment_on_link(post, &article, self.draws.bits());
            World::close(post);
            return;
        }
        voice.post(self.draws.bits(), event, &mut post.text);
        if kind < 0.95 {
            let mut tag = String::with_capacity(24);
            voice.tag(mix(self.world.story_key(story)), &mut tag);
            World::add_tag(post, &tag);
        }
    }

    fn original(
        &self,
        source: Source,
        account: AccountNumber,
        community: u32,
        time: i64,
        post: &mut SimPost,
    ) {
        let own = self.world.community(community);
        self.world
            .open(post, source, account, (own.platform, own.voice), time);
        self.world.say(post, source, community);
    }

    fn open(&self, account: AccountNumber, community: u32, time: i64, post: &mut SimPost) {
        let own = self.world.community(community);
        self.world.open(
            post,
            Source::Serial(self.serial),
            account,
            (own.platform, own.voice),
            time,
        );
    }

    /// Somebody who is probably not asleep.
    fn awake(&mut self, time: i64) -> (AccountNumber, u32) {
        let mut tries = 0;
        loop {
            let community = self.world.draw_community(&mut self.draws);
            let account = self.world.account_in(community, self.draws.unit());
            tries += 1;
            if tries == 4 || !self.world.asleep(account, time) {
                return (account, community);
            }
        }
    }
}

impl Iterator for Stream {
    type Item = SimPost;

    fn next(&mut self) -> Option<SimPost> {
        let mut post = SimPost::default();
        self.fill(&mut post).then_some(post)
    }
}

/// How many posts each community wrote in each of the last periods: enough to name any of them again.
#[derive(Debug)]
struct Recent {
    counts: Vec<[(i64, u32); MEMORY]>,
}

impl Recent {
    fn new(communities: usize) -> Self {
        Self {
            counts: vec![[(-1, 0); MEMORY]; communities],
        }
    }

    fn slot(period: i64) -> usize {
        usize::try_from(period.max(0)).unwrap_or(0) % MEMORY
    }

    /// Notes one more post and names it.
    fn add(&mut self, world: &World, community: u32, time: i64) -> Source {
        let period = (time - world.start_ms).div_euclid(world.period_ms);
        let entry = &mut self.counts[community as usize][Self::slot(period)];
        if entry.0 != period {
            *entry = (period, 0);
        }
        entry.1 += 1;
        Source::Organic {
            community,
            period: u32::try_from(period).unwrap_or(0),
            n: entry.1 - 1,
        }
    }

    /// One that was written: lately rather than long ago, the popular ones more often, and only those if
    /// `head`. The first of a period are the popular ones, which makes up for the shorter time in which
    /// the later ones are there.
    fn draw(
        &self,
        world: &World,
        community: u32,
        time: i64,
        head: bool,
        draws: &mut Draws,
    ) -> Option<Source> {
        let now = (time - world.start_ms).div_euclid(world.period_ms);
        for _ in 0..4 {
            let age = whole(world.draw_age(draws)).cast_signed();
            let u = draws.unit();
            let (period, count) = self.counts[community as usize][Self::slot(now - age)];
            if period == now - age && count > 0 {
                let n = zipf(if head { 0.2 * u } else { u }, u64::from(count), 0.8);
                return Some(Source::Organic {
                    community,
                    period: u32::try_from(period).unwrap_or(0),
                    n: u32::try_from(n).unwrap_or(0),
                });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most that is held at any moment of a plan.
    fn held(posts: u64) -> (usize, usize) {
        let mut stream = Stream::new(&Plan {
            posts,
            ..Plan::example()
        })
        .expect("a sound plan");
        let mut post = SimPost::default();
        let (mut times, mut pending) = (0, 0);
        while stream.fill(&mut post) {
            times = times.max(stream.times.len());
            pending = pending.max(stream.pending.len() + stream.reports.len());
        }
        (times, pending)
    }

    #[test]
    fn nothing_is_kept_per_post() {
        let (small, large) = (held(2_000), held(40_000));
        // Only the posts of one minute grow with the plan; a minute has a sixty-thousandth of six weeks.
        assert!(large.0 < 40, "{large:?}");
        assert_eq!(small.1, large.1);
        assert!(large.1 < 300, "{large:?}");
    }
}
