//! Reads files and says how long that took: `cargo run --release -p concerted-bench --bin read-speed -- posts.csv`.
//!
//! One line of JSON with rows, posts, problems, seconds on the clock and of the processor, and the most
//! memory held. `bench/read/run.py` sets it beside what `DuckDB` and Polars need for the same file.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use concerted_bench::{cpu_seconds, peak_mb};
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
