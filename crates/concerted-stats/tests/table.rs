//! The survival functions against a table made at 60 digits (`data/make_ln_sf.py`).

#![expect(clippy::unwrap_used, reason = "the table is part of the test")]

use concerted_stats::{
    ln_binomial_sf, ln_hypergeometric_sf, ln_poisson_binomial_sf, ln_poisson_sf,
};

struct Row {
    family: &'static str,
    case: String,
    got: f64,
    want: f64,
}

fn rows() -> Vec<Row> {
    include_str!("data/ln_sf.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let f: Vec<&'static str> = line.split(',').collect();
            let int = |s: &str| s.parse::<u64>().unwrap();
            let num = |s: &str| s.parse::<f64>().unwrap();
            let k = int(f[4]);
            let got = match f[0] {
                "poisson" => ln_poisson_sf(k, num(f[1])),
                "binomial" => ln_binomial_sf(k, int(f[1]), num(f[2])),
                "hypergeometric" => ln_hypergeometric_sf(k, int(f[1]), int(f[2]), int(f[3])),
                "poisson_binomial" => {
                    let p: Vec<f64> = f[1].split(' ').map(num).collect();
                    ln_poisson_binomial_sf(k, &p)
                }
                other => panic!("unknown family {other}"),
            };
            Row {
                family: f[0],
                case: line.chars().take(100).collect(),
                got,
                want: num(f[5]),
            }
        })
        .collect()
}

#[test]
fn every_point_to_1e_12() {
    let rows = rows();
    assert!(rows.len() > 500);
    for family in ["poisson", "binomial", "hypergeometric", "poisson_binomial"] {
        // Where the survival function is 1 to the last digit of a double there is no relative error.
        let worst_by = |error: fn(&Row) -> f64| {
            rows.iter()
                .filter(|row| row.family == family && row.want < -1e-290)
                .map(|row| (error(row), row.case.as_str()))
                .max_by(|a, b| a.0.total_cmp(&b.0))
                .unwrap()
        };
        let (scaled, at) = worst_by(|row| (row.got - row.want).abs() / row.want.abs().max(1.0));
        let (relative, at_relative) = worst_by(|row| ((row.got - row.want) / row.want).abs());
        println!("{family}: error / max(1, |ln sf|) at most {scaled:.1e} ({at})");
        println!("{family}: error / |ln sf| at most {relative:.1e} ({at_relative})");
        assert!(scaled <= 1e-12, "{family}: {scaled:e} at {at}");
        assert!(relative <= 1e-11, "{family}: {relative:e} at {at_relative}");
    }
}

#[test]
fn the_table_reaches_far_tails() {
    let far = rows().iter().filter(|row| row.want < -1e5).count();
    assert!(far >= 20, "{far} points below -1e5");
}
