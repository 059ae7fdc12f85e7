//! Made-up shares for the join: numbers alone, uniform or in bursts, the same for the same seed.

use concerted_engine::traces::ShareColumns;
use concerted_sim::random::Draws;

/// How shares lie in time and over objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Shape {
    /// Every object two thousand times, at any moment of a week.
    Uniform,
    /// Half as the uniform ones; half in bursts that die down within minutes, of 2 to 2,000 shares each.
    Bursty,
    /// As the bursty ones, and one object with 5 % of all shares at any moment of the week.
    Popular,
    /// As the bursty ones, and one object that 100,000 accounts share within a minute, if there are so many.
    Flash,
}

const WEEK: u64 = 7 * 86_400_000;

/// About so many shares of this shape, ordered by nothing: repetitions are left out.
pub fn make(shares: u64, shape: Shape, seed: u64) -> ShareColumns {
    let mut draws = Draws::new(seed, 7);
    let accounts = (shares / 20).max(100);
    let objects = (shares / 2_000).max(10);
    let mut made = ShareColumns::default();
    let mut push = |account: u64, object: u64, time: u64| {
        made.account
            .push(u32::try_from(account).unwrap_or(u32::MAX));
        made.object.push(u32::try_from(object).unwrap_or(u32::MAX));
        made.time.push(i64::try_from(time).unwrap_or(i64::MAX));
    };
    // Few post much and many post little: the square of an even draw.
    let anybody = |draws: &mut Draws| {
        let even = draws.unit();
        whole(even * even * accounts as f64)
    };
    let bursty = if shape == Shape::Uniform {
        0
    } else {
        shares / 2
    };
    for _ in bursty..shares {
        let (account, object) = (anybody(&mut draws), draws.below(objects));
        push(account, object, draws.below(WEEK));
    }
    let (mut left, mut object) = (bursty, objects);
    while left > 0 {
        let size = whole(2.0 / (draws.unit() + 1e-3)).min(left);
        let start = draws.below(WEEK);
        for _ in 0..size {
            let account = anybody(&mut draws);
            push(account, object, start + whole(draws.exponential(600_000.0)));
        }
        left -= size;
        object += 1;
    }
    let (hot, within) = match shape {
        Shape::Popular => (shares / 20, WEEK),
        Shape::Flash => (100_000, 60_000),
        Shape::Uniform | Shape::Bursty => (0, 1),
    };
    for share in 0..hot {
        let account = match shape {
            // Each of another account, as far as there are so many.
            Shape::Flash => share * (accounts / hot).max(1) % accounts,
            _ => anybody(&mut draws),
        };
        push(account, object, draws.below(within));
    }
    first_shares(&made, &mut draws)
}

/// The first share of each account on each object, which is what co-action counts, in no order.
fn first_shares(made: &ShareColumns, draws: &mut Draws) -> ShareColumns {
    let mut rows: Vec<(u32, u32, i64)> = (0..made.time.len())
        .map(|row| (made.object[row], made.account[row], made.time[row]))
        .collect();
    rows.sort_unstable();
    rows.dedup_by_key(|row| (row.0, row.1));
    draws.shuffle(&mut rows);
    ShareColumns {
        object: rows.iter().map(|row| row.0).collect(),
        account: rows.iter().map(|row| row.1).collect(),
        time: rows.iter().map(|row| row.2).collect(),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a draw that is positive and far below 2^53"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_has_about_the_shares_it_was_asked_for_and_the_same_again() {
        for shape in [Shape::Uniform, Shape::Bursty, Shape::Popular] {
            let made = make(200_000, shape, 1);
            let rows = made.time.len();
            assert!((150_000..=210_000).contains(&rows), "{shape:?}: {rows}");
            assert_eq!(made.account, make(200_000, shape, 1).account);
        }
    }
}
