//! The memory that this program asked the system for, where the system reports it.

use std::fs;

/// More than all threads and the corpus need, and far less than a length field can claim.
const PEAK_KIB_MAX: u64 = 2 * 1024 * 1024;

/// A message if some input made the program ask for too much.
pub(super) fn too_much() -> Option<String> {
    let kib = peak_kib()?;
    println!("at most {} MiB were asked for", kib / 1024);
    (kib > PEAK_KIB_MAX).then(|| format!("found {kib} KiB asked for, allowed {PEAK_KIB_MAX}"))
}

/// `VmPeak`, which also counts memory that was reserved and never touched.
fn peak_kib() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmPeak:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
