//! Along which axes do the accounts differ most in what they use?
//!
//! Regularised correspondence analysis: `L = (Dr + t r)^-1/2 M (Dc + t c)^-1/2` with the margins `Dr`, `Dc`
//! and their means `r`, `c`; its first singular vector is activity, the next ones are the axes. Adding the
//! mean keeps a handful of stray accounts from being an axis of their own (A. Amini et al. 2013; T. Qin,
//! K. Rohe 2013). The singular vectors come from a randomised subspace iteration (N. Halko, P. Martinsson,
//! J. Tropp 2011) with a seed.

use super::matrix::{Lists, Matrix};
use crate::rng::Rng;
use concerted_stats::math::sqrt;
use rayon::prelude::*;

/// Rounds after which the subspace is taken as it is.
const MOST_ROUNDS: usize = 40;
/// Columns beyond those asked for, which make the wanted ones converge.
const SPARE: usize = 6;
/// Rows summed by one task; fixed, so that sums do not depend on threads.
const CHUNK: usize = 8_192;

/// The leading axes behind activity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axes {
    /// Singular values, that of activity first.
    pub values: Vec<f64>,
    /// Place of each row on each axis behind activity.
    pub places: Vec<Vec<f64>>,
}

/// The `wanted` leading axes behind activity. The sign of an axis is free; it is set so that the place
/// furthest from 0 is positive.
pub(crate) fn axes(matrix: &Matrix, wanted: usize, tau: f64, rng: &mut Rng) -> Axes {
    let (rows, columns) = (matrix.rows.len(), matrix.items.len());
    if rows == 0 || columns == 0 {
        return Axes::default();
    }
    let product = Product {
        matrix,
        row: weights(&matrix.rows, tau),
        column: weights(&matrix.columns, tau),
    };
    let width = (wanted + 1 + SPARE).min(rows).min(columns);
    let mut right = Block {
        width,
        cells: (0..columns * width)
            .map(|_| rng.within(1 << 30) as f64)
            .collect(),
    };
    let mut left = Block::default();
    let (mut values, mut rotation) = (Vec::new(), Vec::new());
    for _ in 0..MOST_ROUNDS {
        right.orthonormalise();
        left = product.times(&right);
        left.orthonormalise();
        right = product.turned_times(&left);
        // The squared singular values of the matrix seen from the subspace.
        let (squares, vectors) = eigen(right.gram(), width);
        let now: Vec<f64> = squares
            .iter()
            .map(|&square| sqrt(square.max(0.0)))
            .collect();
        let settled = !values.is_empty()
            && now
                .iter()
                .zip(&values)
                .take(wanted + 1)
                .all(|(now, before): (&f64, &f64)| (now - before).abs() <= 1e-6 * now.max(1e-12));
        (values, rotation) = (now, vectors);
        if settled {
            break;
        }
    }
    let left = left.rotated(&rotation);
    let places = (1..=wanted.min(width.saturating_sub(1)))
        .map(|axis| {
            let mut places: Vec<f64> = (0..rows)
                .map(|row| left.cells[row * width + axis] * product.row[row])
                .collect();
            let furthest = places.iter().fold(0.0, |far: f64, &place| {
                if place.abs() > far.abs() * (1.0 + 1e-9) {
                    place
                } else {
                    far
                }
            });
            if furthest < 0.0 {
                for place in &mut places {
                    *place = -*place;
                }
            }
            places
        })
        .collect();
    values.truncate(wanted + 1);
    Axes { values, places }
}

/// `1 / sqrt(margin + tau * mean margin)` of each list.
fn weights(lists: &Lists, tau: f64) -> Vec<f64> {
    let mean = lists.total() as f64 / lists.len() as f64;
    lists
        .iter()
        .map(|list| {
            let margin = list.len() as f64 + tau * mean;
            if margin > 0.0 {
                1.0 / sqrt(margin)
            } else {
                0.0
            }
        })
        .collect()
}

/// The normalised matrix, as something to multiply with.
struct Product<'a> {
    matrix: &'a Matrix,
    row: Vec<f64>,
    column: Vec<f64>,
}

impl Product<'_> {
    fn times(&self, right: &Block) -> Block {
        gather(&self.matrix.rows, &self.row, &self.column, right)
    }

    fn turned_times(&self, left: &Block) -> Block {
        gather(&self.matrix.columns, &self.column, &self.row, left)
    }
}

/// Each output row is the weighted sum of the input rows that its list names.
fn gather(lists: &Lists, outer: &[f64], inner: &[f64], input: &Block) -> Block {
    let width = input.width;
    let mut cells = vec![0.0; lists.len() * width];
    cells
        .par_chunks_mut(width)
        .enumerate()
        .with_min_len(256)
        .for_each(|(place, output)| {
            for &code in lists.get(place) {
                let weight = inner[code as usize];
                let from = &input.cells[code as usize * width..(code as usize + 1) * width];
                for (cell, value) in output.iter_mut().zip(from) {
                    *cell += weight * value;
                }
            }
            for cell in output {
                *cell *= outer[place];
            }
        });
    Block { width, cells }
}

/// A tall matrix, row by row.
#[derive(Clone, Debug, Default)]
struct Block {
    width: usize,
    cells: Vec<f64>,
}

impl Block {
    /// The products of its columns with one another.
    fn gram(&self) -> Vec<f64> {
        let width = self.width;
        let parts: Vec<Vec<f64>> = self
            .cells
            .par_chunks(CHUNK * width)
            .map(|rows| {
                let mut sums = vec![0.0; width * width];
                for row in rows.chunks(width) {
                    for i in 0..width {
                        for j in i..width {
                            sums[i * width + j] += row[i] * row[j];
                        }
                    }
                }
                sums
            })
            .collect();
        let mut gram = vec![0.0; width * width];
        for part in parts {
            for (sum, value) in gram.iter_mut().zip(part) {
                *sum += value;
            }
        }
        for i in 0..width {
            for j in 0..i {
                gram[i * width + j] = gram[j * width + i];
            }
        }
        gram
    }

    /// Makes the columns orthonormal; directions that are not there become zero.
    fn orthonormalise(&mut self) {
        // Twice, because the first pass leaves an error of the size of the condition number.
        for _ in 0..2 {
            let width = self.width;
            let (values, mut vectors) = eigen(self.gram(), width);
            let largest = values.first().copied().unwrap_or(0.0);
            for (column, &value) in values.iter().enumerate() {
                let scale = if value > 1e-14 * largest && value > 0.0 {
                    1.0 / sqrt(value)
                } else {
                    0.0
                };
                for row in 0..width {
                    vectors[row * width + column] *= scale;
                }
            }
            *self = self.rotated(&vectors);
        }
    }

    /// Each row times a square matrix.
    fn rotated(&self, by: &[f64]) -> Self {
        let width = self.width;
        let mut cells = vec![0.0; self.cells.len()];
        cells
            .par_chunks_mut(width)
            .zip(self.cells.par_chunks(width))
            .with_min_len(1_024)
            .for_each(|(output, row)| {
                for (value, line) in row.iter().zip(by.chunks(width)) {
                    for (cell, factor) in output.iter_mut().zip(line) {
                        *cell += value * factor;
                    }
                }
            });
        Self { width, cells }
    }
}

/// Eigenvalues, largest first, and eigenvectors (as columns) of a small symmetric matrix, by the rotations
/// of C. Jacobi (1846).
fn eigen(mut matrix: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.0; n * n];
    for i in 0..n {
        vectors[i * n + i] = 1.0;
    }
    let total: f64 = matrix.iter().map(|cell| cell * cell).sum();
    for _ in 0..60 {
        let mut off = 0.0;
        for p in 0..n {
            for q in p + 1..n {
                off += matrix[p * n + q] * matrix[p * n + q];
            }
        }
        if off <= 1e-30 * total {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                let apart = matrix[p * n + q];
                if apart == 0.0 {
                    continue;
                }
                let theta = (matrix[q * n + q] - matrix[p * n + p]) / (2.0 * apart);
                let t = theta.signum() / (theta.abs() + sqrt(theta * theta + 1.0));
                let c = 1.0 / sqrt(t * t + 1.0);
                let s = t * c;
                for k in 0..n {
                    let (a, b) = (matrix[k * n + p], matrix[k * n + q]);
                    matrix[k * n + p] = c * a - s * b;
                    matrix[k * n + q] = s * a + c * b;
                }
                for k in 0..n {
                    let (a, b) = (matrix[p * n + k], matrix[q * n + k]);
                    matrix[p * n + k] = c * a - s * b;
                    matrix[q * n + k] = s * a + c * b;
                    let (a, b) = (vectors[k * n + p], vectors[k * n + q]);
                    vectors[k * n + p] = c * a - s * b;
                    vectors[k * n + q] = s * a + c * b;
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        matrix[b * n + b]
            .total_cmp(&matrix[a * n + a])
            .then(a.cmp(&b))
    });
    let values = order
        .iter()
        .map(|&place| matrix[place * n + place])
        .collect();
    let mut sorted = vec![0.0; n * n];
    for (column, &place) in order.iter().enumerate() {
        for row in 0..n {
            sorted[row * n + column] = vectors[row * n + place];
        }
    }
    (values, sorted)
}

#[cfg(test)]
mod tests {
    use super::super::matrix::tests::matrix;
    use super::*;

    #[test]
    fn the_hand_test_comes_out_to_the_digits_given() {
        let made = matrix(&["11100", "11010", "11100", "00111", "00011", "01011"]);
        for (tau, values, places) in [
            (
                1.0,
                [0.5028, 0.3589, 0.2068],
                [-0.791, -0.2312, -0.791, 0.6307, 1.0, 0.6126],
            ),
            (
                0.0,
                [1.0, 0.7378, 0.414],
                [-0.6962, -0.2458, -0.6962, 0.4805, 1.0, 0.491],
            ),
        ] {
            let axes = axes(&made, 2, tau, &mut Rng::stream(3, 0));
            for (value, wanted) in axes.values.iter().zip(values) {
                assert!((value - wanted).abs() < 6e-5, "{:?}", axes.values);
            }
            for (place, wanted) in axes.places[0].iter().zip(places) {
                let place = place / axes.places[0][4];
                assert!((place - wanted).abs() < 6e-5, "{:?}", axes.places[0]);
            }
        }
    }

    #[test]
    fn the_seed_changes_nothing_but_the_last_digits() {
        let rows: Vec<String> = (0..40)
            .map(|row| {
                (0..30)
                    .map(|column| {
                        let near = (row < 20) == (column < 15);
                        let mixed = (row * 7 + column * 11 + row * column) % 10;
                        if mixed < if near { 5 } else { 2 } {
                            '1'
                        } else {
                            '0'
                        }
                    })
                    .collect()
            })
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let made = matrix(&rows);
        let [a, b] = [1, 2].map(|seed| axes(&made, 1, 1.0, &mut Rng::stream(seed, 0)));
        for (a, b) in a.places[0].iter().zip(&b.places[0]) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
    }
}
