//! What does the account of a group post when its turn comes?

use crate::campaign::Tactic;
use crate::groups::Group;
use crate::objects::Source;
use crate::post::{Planted, SimPost};
use crate::random::{Draws, Seq, key};
use crate::turns::Turn;
use crate::voices::About;
use crate::world::{World, purpose};
use crate::writing::hash_text;

impl Group {
    /// Writes the post of one turn.
    pub(crate) fn act(
        &self,
        world: &World,
        turn: &Turn,
        action: u32,
        serial: u64,
        post: &mut SimPost,
    ) {
        let voice = world.community(self.community).voice;
        let account = self.account(world, turn.slot, turn.generation, Some(action));
        let side = self.side(turn.slot);
        let object = key(&[self.key, purpose::OBJECT, u64::from(action), side as u64]);
        let own = key(&[
            self.key,
            purpose::COPY,
            u64::from(action),
            u64::from(turn.slot),
        ]);
        let issue = usize::try_from(self.key.wrapping_add(u64::from(action)) % 4).unwrap_or(0);
        let about = if self.label == "campaign" {
            About::Issue(issue)
        } else {
            About::Event(object)
        };
        let planted = Source::Planted {
            group: self.index,
            action,
        };
        let hides = self.hides(action);
        let leads = turn.slot == 0 && self.tactic(action) == Tactic::Repost && !hides;
        let id = if leads {
            planted
        } else {
            Source::Serial(serial)
        };
        world.open(post, id, account, (self.platform, voice), turn.time);
        post.planted = Some(Planted {
            group: self.index,
            action,
        });

        if let (true, Some(source @ Source::Organic { community, .. })) = (hides, turn.popular) {
            world.say(post, source, community);
            world.mark_repost(post, source, world.author(community, source));
            return;
        }
        if hides {
            let start = self.actions[action as usize];
            let article =
                world.draw_article(self.community, start, true, &mut Draws::new(object, 0));
            world.link(post, &article, own);
            world.comment_on_link(post, &article, own);
            World::close(post);
            return;
        }
        match self.tactic(action) {
            Tactic::SameText => {
                let mut text = String::new();
                voice.post(object, about, &mut text);
                voice.mutate(&text, self.word_drop, own, &mut post.text);
            }
            Tactic::SameLink => {
                // A handful of sites, so that the group is not known by one domain alone.
                let site = key(&[self.key, purpose::OUTLET, object % 4]);
                self.link(world, post, object, site, about, own);
                voice.post(own, about, &mut post.text);
            }
            Tactic::Repost => {
                let lead = self.account(world, 0, turn.lead, Some(action));
                voice.post(
                    key(&[self.key, purpose::OBJECT, u64::from(action)]),
                    about,
                    &mut post.text,
                );
                if !leads {
                    world.mark_repost(post, planted, lead);
                }
                return;
            }
            Tactic::Hashtags => {
                voice.post(own, about, &mut post.text);
                for n in 0..2 {
                    let mut tag = String::new();
                    voice.tag(object.wrapping_add(n), &mut tag);
                    World::add_tag(post, &tag);
                }
            }
            Tactic::Media => {
                voice.post(own, about, &mut post.text);
                post.media.push(hash_text(object));
            }
            Tactic::TitledLink => {
                self.link(world, post, object, self.key, about, own);
                post.text.push_str(&post.link_title);
                if self.crowd {
                    let mut site = String::new();
                    World::write_site(self.key, &mut site);
                    voice.share(&site, object, &mut post.text);
                }
            }
            Tactic::Syndicated => {
                let paper = key(&[self.key, purpose::OUTLET, u64::from(turn.slot)]);
                self.link(world, post, object, paper, about, own);
                post.text.push_str(&post.link_title);
            }
        }
        if self.label == "campaign" && Seq(own).chance(0.4) {
            World::add_tag(post, voice.issue_tag(issue, side));
        }
        World::close(post);
    }

    fn link(
        &self,
        world: &World,
        post: &mut SimPost,
        object: u64,
        site: u64,
        about: About,
        own: u64,
    ) {
        let voice = world.community(self.community).voice;
        voice.headline(object, about, &mut post.link_title);
        let mut name = String::with_capacity(24);
        World::write_site(site, &mut name);
        World::link_on(post, &name, object, own);
    }
}
