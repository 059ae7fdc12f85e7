//! Any cells as a column of times.

#![no_main]

use concerted_formats::read::time::TimeReader;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    let cells: Vec<&str> = data.split('\n').take(32).collect();
    for zone in [None, Some("Europe/Berlin"), Some("+05:30")] {
        let mut reader = TimeReader::new("time", zone, None).expect("the settings are right");
        reader.learn(cells.iter().copied());
        for cell in &cells {
            let first = reader.clone().read(cell);
            // Reading is a function of the cell and of what was learnt: twice the same.
            assert_eq!(first.is_ok(), reader.read(cell).is_ok(), "{cell:?}");
        }
        let _ = (reader.clock(), reader.take_doubt());
        if let Some(serial) = cells.first().and_then(|cell| cell.parse().ok()) {
            let _ = reader.read_serial(serial, false);
            let _ = reader.read_serial(serial, true);
        }
    }
});
