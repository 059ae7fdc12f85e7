//! Reads files and says how long that took: `cargo run --release --example read_speed -- posts.csv`.
//!
//! One line of JSON with rows, posts, problems, seconds on the clock and of the processor, and the most
//! memory held. `bench/read/run.py` sets it beside what `DuckDB` and Polars need for the same file.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use concerted_formats::read::{Input, ReadOptions, read};
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<Input> = std::env::args_os()
        .skip(1)
        .map(|file| Input::Path(file.into()))
        .collect();
    let begun = Instant::now();
    let reading = read(&files, &ReadOptions::default())?;
    let wall = begun.elapsed().as_secs_f64();
    let rows: u64 = reading.inputs.iter().map(|input| input.rows).sum();
    let problems: u64 = reading
        .inputs
        .iter()
        .map(|input| input.refused + input.doubted)
        .sum();
    println!(
        "{{\"rows\": {rows}, \"posts\": {}, \"problems\": {problems}, \"wall_s\": {wall:.3}, \"cpu_s\": {:.2}, \"peak_mb\": {:.0}}}",
        reading.posts.len(),
        cpu_seconds().unwrap_or(f64::NAN),
        peak_mb().unwrap_or(f64::NAN),
    );
    Ok(())
}

/// Seconds of the processor in all threads, on Linux. User and system time are the 14th and 15th field
/// behind the name in brackets, in ticks of which every Linux shows a hundred a second.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The most memory that this process held, in MB, on Linux.
fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
