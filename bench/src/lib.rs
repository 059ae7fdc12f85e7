//! What the measuring programs have in common: how much time and memory this process has used.
//!
//! Read from `/proc`, so on Linux only; elsewhere the figures are missing and the programs say so.

pub mod shares;

/// Time of the processor that this process has used in all its threads, in seconds, to 10 ms.
pub fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the name in brackets and may hold anything; user and system time are the
    // 14th and 15th field, in ticks of which every Linux shows a hundred a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<f64>().ok();
    Some((ticks(11)? + ticks(12)?) / 100.0)
}

/// The most memory that this process ever held, in MB.
pub fn peak_mb() -> Option<f64> {
    status("VmHWM:")
}

/// The memory that this process holds now, in MB.
pub fn held_mb() -> Option<f64> {
    status("VmRSS:")
}

fn status(name: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
