//! Which groups are seen at the default error rate: by size, number of joint acts and tempo.

use crate::planted::{self, Outcome};
use crate::table;
use anyhow::Result;
use concerted_sim::{Campaign, Delay};
use std::fmt::Write as _;

const MEMBERS: [u32; 5] = [3, 5, 8, 12, 20];
const ACTIONS: [u32; 4] = [4, 8, 16, 32];
/// Tempos: mean seconds behind the start of an act, and what that is called.
const TEMPOS: [(f64, &str); 4] = [
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3_600.0, "1 h"),
];
/// Share of the members that join an act.
const PARTICIPATION: f64 = 0.7;

/// One kind of campaign, and what was found of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    members: u32,
    actions: u32,
    tempo: usize,
    found: Outcome,
}

/// Measures every cell.
pub(crate) fn grid(seeds: u64) -> Result<Vec<Cell>> {
    let mut cells = Vec::new();
    for (tempo, (mean_s, _)) in TEMPOS.into_iter().enumerate() {
        for members in MEMBERS {
            for actions in ACTIONS {
                let campaign = Campaign {
                    members,
                    actions,
                    participation: PARTICIPATION,
                    delay: Delay::Mean(mean_s),
                    ..Campaign::default()
                };
                cells.push(Cell {
                    members,
                    actions,
                    tempo,
                    found: planted::found(&campaign, seeds)?,
                });
            }
        }
    }
    Ok(cells)
}

/// The grid as the table that `concerted explain power` reads.
pub(crate) fn csv(cells: &[Cell]) -> String {
    let mut text = String::from(
        "mean_delay_s,members,joint_acts,campaigns,found,members_named,members_seen\n",
    );
    for cell in cells {
        let Outcome {
            campaigns,
            found,
            members,
            members_named,
            ..
        } = cell.found;
        let _ = writeln!(
            text,
            "{},{},{},{campaigns},{found},{members_named},{members}",
            TEMPOS[cell.tempo].0, cell.members, cell.actions
        );
    }
    text
}

/// The page.
pub(crate) fn page(cells: &[Cell], seeds: u64) -> String {
    let mut text = format!(
        "# Power: which groups are seen\n\n\
         <!-- made by `cargo run --release -p concerted-studies -- power --seeds {seeds}` -->\n\n\
         A scan that finds nothing says little until one knows what it would have found. Here campaigns of \
         known size, number of joint acts and tempo are planted in simulated elections of 20,000 posts by 6,000 \
         accounts over 28 days and scanned with the defaults. In each act a member takes part with a chance of \
         {PARTICIPATION}, after a delay that is exponential with the mean given; acts are one text, one link or \
         one repost in turn. Each cell is the share of {} campaigns that were found: one group holds at least \
         half of the campaign's accounts, and at least half of that group is theirs.\n\n\
         `concerted explain power` prints the same table. The report of a case gives beside it what the bar \
         means on that very corpus. The background is simulated, and what that does not imitate is told in \
         [simulation](simulation.md): take the table for the order of magnitude.\n\n\
         Density decides as much as the group does. In so thin a stream a group's own burst is half of all that \
         happens in its six hours, so twenty accounts need as many acts as five. In a stream ten times as dense \
         (200,000 posts by 30,000 accounts, seed 1) campaigns of 20 accounts with 8 acts at a mean delay of 10 s, of \
         which this table finds nothing, were found 4 of 4, with 79 of the 80 accounts and no other.\n",
        4 * seeds
    );
    let others: u64 = cells.iter().map(|cell| cell.found.others_named).sum();
    for (tempo, (_, word)) in TEMPOS.iter().enumerate() {
        let _ = write!(text, "\n## Mean delay {word}\n\n");
        let mut head = vec!["accounts".to_owned()];
        head.extend(ACTIONS.iter().map(|actions| format!("{actions} acts")));
        let rows: Vec<Vec<String>> = MEMBERS
            .iter()
            .map(|&members| {
                let of = |actions: &u32| {
                    cells
                        .iter()
                        .find(|cell| {
                            (cell.tempo, cell.members, cell.actions) == (tempo, members, *actions)
                        })
                        .map_or_else(String::new, |cell| format!("{:.2}", cell.found.share()))
                };
                std::iter::once(members.to_string())
                    .chain(ACTIONS.iter().map(of))
                    .collect()
            })
            .collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        text.push_str(&table::markdown(&head, &rows));
    }
    let _ = write!(
        text,
        "\nIn all {} scans together {others} accounts were named that belong to no planted campaign.\n",
        cells.len() as u64 * seeds
    );
    text
}
