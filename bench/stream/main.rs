//! How fast, and in how much memory? Ten days of a synthetic stream through the machine, with numbers
//! given again as the watch does it, under a memory budget.
//!
//! `cargo run --release -p concerted-bench --bin stream-speed -- [SHARES] [BUDGET_MIB] [SVG]` prints shares a second on
//! one core and, at a hundred places, what is held; the last argument is a file for the curve.

use concerted_bench::{cpu_seconds, held_mb};
use concerted_engine::groups::sequential::{GroupEProcess, SequentialPlan};
use concerted_sim::random::Draws;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

const DAYS: i64 = 10;
const ACCOUNTS: f64 = 300_000.0;

/// Names of a stream and the numbers that they have for now.
#[derive(Default)]
struct Numbers {
    given: BTreeMap<u32, u32>,
    names: Vec<u32>,
    free: Vec<u32>,
}

impl Numbers {
    fn number(&mut self, name: u32) -> u32 {
        if let Some(&number) = self.given.get(&name) {
            return number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.names.push(0);
            u32::try_from(self.names.len() - 1).unwrap_or(u32::MAX)
        });
        self.names[number as usize] = name;
        self.given.insert(name, number);
        number
    }

    fn give_back(&mut self, numbers: &[u32]) {
        for &number in numbers {
            self.given.remove(&self.names[number as usize]);
            self.free.push(number);
        }
    }
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let mut arguments = std::env::args().skip(1);
    let shares: u64 = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(10_000_000);
    let budget: usize = arguments
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256)
        << 20;
    let svg = arguments.next();
    for (what, blitz) in [
        ("four scales", false),
        ("and the one within the minute", true),
    ] {
        let (rate, alarms) = speed(1_000_000, blitz);
        writeln!(
            out,
            "{what}: {rate:.0} shares a second on one core ({alarms} alarms)"
        )?;
        out.flush()?;
    }
    let curve = memory(shares, budget, &mut out)?;
    if let Some(path) = svg {
        std::fs::write(path, picture(&curve))?;
    }
    Ok(())
}

/// The stream: a few accounts do most of the posting, and most shares are of what is new or popular.
struct Synthetic {
    draws: Draws,
    newest: u32,
    place: u64,
    shares: u64,
}

impl Synthetic {
    fn new(shares: u64) -> Self {
        Self {
            draws: Draws::new(7, 0),
            newest: 0,
            place: 0,
            shares,
        }
    }

    /// (time, account, object) of the next share.
    fn next(&mut self) -> (i64, u32, u32) {
        let span = u64::try_from(DAYS * 86_400_000).unwrap_or(0);
        let time = i64::try_from(self.place * span / self.shares).unwrap_or(0);
        self.place += 1;
        let account = whole(self.draws.unit().powi(4) * ACCOUNTS);
        let object = if self.draws.unit() < 0.4 {
            self.newest += 1;
            self.newest
        } else {
            let back = whole(self.draws.unit().powi(3) * 20_000.0);
            self.newest.saturating_sub(back)
        };
        (time, account, object)
    }
}

/// Shares a second of processor time, and alarms, over ten days of so many shares, drawn beforehand.
fn speed(shares: u64, blitz: bool) -> (f64, u64) {
    let mut stream = Synthetic::new(shares);
    let drawn: Vec<(i64, u32, u32)> = (0..shares).map(|_| stream.next()).collect();
    let mut machine = GroupEProcess::new(&SequentialPlan {
        blitz,
        ..SequentialPlan::default()
    });
    let mut alarms = 0;
    let begun = cpu_seconds().unwrap_or(f64::NAN);
    for (time, account, object) in drawn {
        machine.push(time, account, object, |bet| alarms += u64::from(bet.alarm));
    }
    (
        shares as f64 / (cpu_seconds().unwrap_or(f64::NAN) - begun),
        alarms,
    )
}

/// What is held at a hundred places: shares, bytes by the machine's count, MiB of the process.
fn memory(
    shares: u64,
    budget: usize,
    out: &mut impl std::io::Write,
) -> std::io::Result<Vec<(u64, usize, f64)>> {
    let mut stream = Synthetic::new(shares);
    let mut machine = GroupEProcess::new(&SequentialPlan::default());
    machine.released();
    let (mut accounts, mut objects) = (Numbers::default(), Numbers::default());
    let (mut alarms, mut shed) = (0_u64, 0_u64);
    let mut curve = Vec::new();
    for part in 1..=100 {
        while machine.shares() < shares * part / 100 {
            let (time, account, object) = stream.next();
            let (account, object) = (accounts.number(account), objects.number(object));
            machine.push(time, account, object, |bet| alarms += u64::from(bet.alarm));
            if machine.shares().is_multiple_of(64) {
                while machine.held().bytes > budget && machine.shed() {
                    shed += 1;
                }
                let (gone_accounts, gone_objects) = machine.released();
                accounts.give_back(&gone_accounts);
                objects.give_back(&gone_objects);
            }
        }
        curve.push((
            machine.shares(),
            machine.held().bytes,
            held_mb().unwrap_or(0.0),
        ));
        if part % 10 == 0 {
            writeln!(
                out,
                "{} shares: {} MiB counted, {:.0} MiB resident, {shed} forgotten, {alarms} alarms",
                machine.shares(),
                machine.held().bytes >> 20,
                held_mb().unwrap_or(0.0),
            )?;
            out.flush()?;
        }
    }
    Ok(curve)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number"
)]
fn whole(value: f64) -> u32 {
    value as u32
}

/// Bytes in MiB.
fn mib(bytes: usize) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// The curve of memory over shares.
fn picture(curve: &[(u64, usize, f64)]) -> String {
    let most = curve
        .iter()
        .map(|point| point.2.max(mib(point.1)))
        .fold(1.0, f64::max);
    let last = curve.last().map_or(1, |point| point.0).max(1) as f64;
    let path = |value: &dyn Fn(&(u64, usize, f64)) -> f64| {
        let mut path = String::new();
        for (place, point) in curve.iter().enumerate() {
            let (x, y) = (
                60.0 + 540.0 * point.0 as f64 / last,
                250.0 - 220.0 * value(point) / most,
            );
            let _ = write!(path, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" });
        }
        path
    };
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 300" font-family="sans-serif" font-size="12" role="img" aria-label="Memory over ten days of a stream">
<path d="M60 30V250H600" fill="none" stroke="#666"/>
<path d="{}" fill="none" stroke="#0b6" stroke-width="2"/>
<path d="{}" fill="none" stroke="#06b" stroke-width="2" stroke-dasharray="5 3"/>
<text x="60" y="20">{:.0} MiB</text><text x="60" y="270">0</text><text x="600" y="270" text-anchor="end">{last:.0} shares, ten days</text>
<text x="330" y="290" text-anchor="middle">solid: resident memory of the process; dashed: what the machine counts against its budget</text>
</svg>
"##,
        path(&|point| point.2),
        path(&|point| mib(point.1)),
        most
    )
}
