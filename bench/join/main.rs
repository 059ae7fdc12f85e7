//! The join alone: who met whom within 60 s, and which pairs did so at least twice?
//!
//! `join write` makes a Parquet file of shares that every engine reads (`join/run.py` hands it to `DuckDB`
//! and Polars); `join run` reads it, sorts it, joins it with the functions of the engine, and prints one
//! line of JSON. `join hot` measures what a hot object costs, at the program's own cap.
#![expect(clippy::print_stdout, reason = "a bench prints what it measured")]

use anyhow::{Result, anyhow};
use clap::{Parser, Subcommand};
use concerted_bench::shares::{self, Shape};
use concerted_bench::{cpu_seconds, peak_mb};
use concerted_engine::pairs::window_join::{Join, Joined};
use concerted_engine::traces::{ShareColumns, sorted_by_object_and_time, window_ends};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{Int32Type, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Debug, Parser)]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write shares as Parquet
    Write {
        #[arg(long)]
        shares: u64,
        #[arg(long, value_enum)]
        shape: Shape,
        #[arg(long)]
        out: PathBuf,
    },
    /// Join the shares of a Parquet file
    Run {
        file: PathBuf,
        /// Longest lag, in seconds
        #[arg(long, default_value_t = 60)]
        window: i64,
    },
    /// Join made-up shares with and without a hot object, with the cap that the program has
    Hot {
        #[arg(long, default_value_t = 4_000_000)]
        shares: u64,
    },
}

fn main() -> Result<()> {
    match Args::parse().what {
        What::Write { shares, shape, out } => write(&out, &shares::make(shares, shape, 1)),
        What::Run { file, window } => {
            let (wall, cpu) = (Instant::now(), cpu_seconds());
            let shares = read(&file)?;
            let rows = shares.time.len();
            let read = wall.elapsed().as_secs_f64();
            let joined = join(shares, window, &Join::default());
            let pairs = joined.found[0].len();
            let meetings: u64 = joined.found[0].iter().map(|&met| u64::from(met)).sum();
            println!(
                "{{\"engine\": \"concerted\", \"rows\": {rows}, \"pairs\": {pairs}, \"meetings\": {meetings}, \
                 \"formed\": {}, \"read\": {read:.3}, \"wall\": {:.3}, \"cpu\": {:.2}, \"mb\": {:.0}}}",
                joined.formed,
                wall.elapsed().as_secs_f64(),
                cpu_seconds()
                    .zip(cpu)
                    .map_or(f64::NAN, |(now, then)| now - then),
                peak_mb().unwrap_or(f64::NAN),
            );
            Ok(())
        }
        What::Hot { shares } => {
            hot(shares);
            Ok(())
        }
    }
}

/// How often each pair met that met at least twice.
fn join(shares: ShareColumns, window_s: i64, join: &Join) -> Joined<u32> {
    let slots = sorted_by_object_and_time(shares);
    let ends = [window_ends(&slots.object, &slots.time, window_s * 1_000)];
    drop((slots.object, slots.time));
    join.for_each_pair(&slots.account, &ends, |_, meetings| {
        u32::try_from(meetings.len()).ok()
    })
}

fn hot(shares: u64) {
    let capped = Join {
        crowd: 256,
        ..Join::default()
    };
    let mut plain = None;
    for shape in [Shape::Bursty, Shape::Popular, Shape::Flash] {
        let made = shares::make(shares, shape, 1);
        let rows = made.time.len();
        let cpu = cpu_seconds();
        let joined = join(made, 60, &capped);
        let cpu = cpu_seconds()
            .zip(cpu)
            .map_or(f64::NAN, |(now, then)| now - then);
        let (cpu_plain, formed_plain) = *plain.get_or_insert((cpu, joined.formed));
        let crowd = joined.crowds[0];
        println!(
            "{shape:?}: {rows} shares, {} meetings formed ({:.2} times), {cpu:.2} CPU s ({:.2} times); \
             left out {} meetings behind {} shares",
            joined.formed,
            joined.formed as f64 / formed_plain as f64,
            cpu / cpu_plain,
            crowd.meetings,
            crowd.slots,
        );
    }
}

fn write(path: &Path, shares: &ShareColumns) -> Result<()> {
    let schema = parse_message_type(
        "message shares { required int32 account; required int32 object; required int64 time; }",
    )?;
    let properties = Arc::new(WriterProperties::builder().build());
    let mut writer = SerializedFileWriter::new(File::create(path)?, Arc::new(schema), properties)?;
    let numbers =
        |column: &[u32]| -> Vec<i32> { column.iter().map(|&n| n.cast_signed()).collect() };
    for start in (0..shares.time.len()).step_by(1 << 20) {
        let rows = start..shares.time.len().min(start + (1 << 20));
        let mut group = writer.next_row_group()?;
        for values in [&shares.account, &shares.object] {
            let mut column = group
                .next_column()?
                .ok_or_else(|| anyhow!("a column is missing"))?;
            column
                .typed::<Int32Type>()
                .write_batch(&numbers(&values[rows.clone()]), None, None)?;
            column.close()?;
        }
        let mut column = group
            .next_column()?
            .ok_or_else(|| anyhow!("a column is missing"))?;
        column
            .typed::<Int64Type>()
            .write_batch(&shares.time[rows], None, None)?;
        column.close()?;
        group.close()?;
    }
    writer.close()?;
    println!("{} shares in {}", shares.time.len(), path.display());
    Ok(())
}

fn read(path: &Path) -> Result<ShareColumns> {
    let reader = SerializedFileReader::new(File::open(path)?)?;
    let rows = usize::try_from(reader.metadata().file_metadata().num_rows())?;
    let mut shares = ShareColumns {
        account: Vec::with_capacity(rows),
        object: Vec::with_capacity(rows),
        time: Vec::with_capacity(rows),
    };
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let rows = usize::try_from(group.metadata().num_rows())?;
        for (place, column) in [&mut shares.account, &mut shares.object]
            .into_iter()
            .enumerate()
        {
            let ColumnReader::Int32ColumnReader(mut values) = group.get_column_reader(place)?
            else {
                return Err(anyhow!("accounts and objects are 32-bit numbers"));
            };
            let mut read = Vec::with_capacity(rows);
            values.read_records(rows, None, None, &mut read)?;
            column.extend(read.into_iter().map(i32::cast_unsigned));
        }
        let ColumnReader::Int64ColumnReader(mut values) = group.get_column_reader(2)? else {
            return Err(anyhow!("times are 64-bit numbers"));
        };
        values.read_records(rows, None, None, &mut shares.time)?;
    }
    Ok(shares)
}
