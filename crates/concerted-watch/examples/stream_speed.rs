//! How fast, and in how much memory? Ten days of a synthetic stream through the machine, with numbers
//! given again as the watch does it, under a memory budget.
//!
//! `cargo run --release -p concerted-watch --example stream_speed [SHARES] [BUDGET_MIB] [SVG]` prints shares a second on
//! one core and, at a hundred places, what is held; the last argument is a file for the curve.

use concerted_engine::groups::sequential::{GroupEProcess, SequentialPlan};
use concerted_sim::random::Draws;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Instant;

const DAYS: i64 = 10;
const ACCOUNTS: f64 = 300_000.0;

/// Names of a stream and the numbers that they have for now.
#[derive(Default)]
struct Numbers {
    given: BTreeMap<u64, u32>,
    names: Vec<u64>,
    free: Vec<u32>,
}

impl Numbers {
    fn number(&mut self, name: u64) -> u32 {
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

    let mut draws = Draws::new(7, 0);
    // Drawn beforehand in pieces, so that drawing is not part of what is measured.
    let mut machine = GroupEProcess::new(&SequentialPlan::default());
    machine.released();
    let (mut accounts, mut objects) = (Numbers::default(), Numbers::default());
    let (mut newest, mut spent, mut alarms, mut shed) = (0_u64, 0.0, 0_u64, 0_u64);
    let mut curve: Vec<(u64, usize, u64)> = Vec::new();
    let piece = shares / 100;
    for part in 0..100 {
        let mut drawn: Vec<(i64, u64, u64)> = Vec::new();
        for place in part * piece..(part + 1) * piece {
            let time = i64::try_from(place).unwrap_or(0) * DAYS * 86_400_000
                / i64::try_from(shares).unwrap_or(1);
            // A few accounts do most of the posting, and most shares are of what is new or popular now.
            let account = (draws.unit().powi(4) * ACCOUNTS).floor();
            let object = if draws.unit() < 0.4 {
                newest += 1;
                newest
            } else {
                newest.saturating_sub(whole(draws.unit().powi(3) * 20_000.0))
            };
            drawn.push((time, whole(account), object));
        }
        for some in drawn.chunks(64) {
            // Looking names up is the watch's work and not the machine's.
            let some: Vec<(i64, u32, u32)> = some
                .iter()
                .map(|&(time, account, object)| {
                    (time, accounts.number(account), objects.number(object))
                })
                .collect();
            let begun = Instant::now();
            for (time, account, object) in some {
                machine.push(time, account, object, |bet| alarms += u64::from(bet.alarm));
            }
            while machine.held().bytes > budget && machine.shed() {
                shed += 1;
            }
            let (gone_accounts, gone_objects) = machine.released();
            spent += begun.elapsed().as_secs_f64();
            accounts.give_back(&gone_accounts);
            objects.give_back(&gone_objects);
        }
        curve.push((machine.shares(), machine.held().bytes, resident()));
        writeln!(
            out,
            "{} shares, {:.0} a second, {} MiB estimated, {} MiB resident, {} forgotten",
            machine.shares(),
            machine.shares() as f64 / spent,
            machine.held().bytes >> 20,
            resident() >> 20,
            shed
        )?;
        out.flush()?;
    }
    writeln!(out, "{alarms} alarms, {:?}", machine.held())?;
    if let Some(path) = svg {
        std::fs::write(path, picture(&curve))?;
    }
    Ok(())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small positive number"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

/// Memory of this process, in bytes; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let fields: BTreeMap<&str, &str> = status
        .lines()
        .filter_map(|line| line.split_once(':'))
        .collect();
    let kib = fields
        .get("VmRSS")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1_024
}

/// The curve of memory over shares.
fn picture(curve: &[(u64, usize, u64)]) -> String {
    let most = curve
        .iter()
        .map(|point| point.2.max(point.1 as u64))
        .max()
        .unwrap_or(1)
        .max(1) as f64;
    let last = curve.last().map_or(1, |point| point.0).max(1) as f64;
    let path = |value: &dyn Fn(&(u64, usize, u64)) -> f64| {
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
        path(&|point| point.2 as f64),
        path(&|point| point.1 as f64),
        most / f64::from(1 << 20)
    )
}
