# The commands of this repository. What is more than a line lies in xtask/.

# List the commands
_default:
    @{{ quote(just_executable()) }} --list --unsorted

# Format, lint and look at generated files: the quick answer before a commit
check:
    cargo fmt --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    cargo run --quiet --locked --package xtask -- gen --check

# Run all tests
test *args:
    cargo test --workspace {{ args }}

# Run the tests of the science and of the repository: seconds, not minutes
fast *args:
    cargo test --package concerted-stats --package concerted-engine --package xtask {{ args }}

# Write the generated files anew
gen:
    cargo run --quiet --package xtask -- gen

# Format the code
fmt:
    cargo fmt

# Print in Markdown what changed between two cases of one corpus
corpus-diff old new:
    cargo run --quiet --package xtask -- corpus-diff {{ quote(old) }} {{ quote(new) }}

# Measure the stages of a scan and the join; bench/README.md has the comparisons with other tools
bench posts="1000000":
    cargo build --release --package concerted-bench
    target/release/simulate --posts {{ posts }} --out target/bench.csv
    target/release/stages target/bench.csv
    target/release/join hot

# Count the instructions of the kernels; fails when one costs over 5 % more than the kept count
bench-check:
    cargo run --quiet --package xtask -- instructions --check

# Count the instructions of the kernels and keep the counts
bench-keep:
    cargo run --quiet --package xtask -- instructions
# Feed any bytes to a fuzz target for so many seconds (needs cargo-fuzz; targets: fuzz/README.md)
fuzz target seconds="60":
    cargo fuzz run --sanitizer none --dev {{ target }} fuzz/seeds/{{ target }} -- -max_total_time={{ seconds }} -timeout=20 -rss_limit_mb=3000

# Make the measured pages anew: calibration, power, hiding (minutes)
studies:
    cargo run --release --package concerted-studies -- calibration > target/calibration.md
    mv target/calibration.md docs/methods/calibration.md
    cargo run --release --package concerted-studies -- power --csv crates/concerted/src/commands/power.csv > target/power.md
    mv target/power.md docs/methods/power.md
    cargo run --release --package concerted-studies -- hiding > target/hiding.md
    mv target/hiding.md docs/methods/hiding.md

# Measure speed
bench *args:
    cargo bench --workspace {{ args }}

# Scan the posts before a German election into target/demo.case
demo:
    cargo run --release --package concerted -- scan corpora/german-election-2021.parquet --case target/demo.case

# Build and open the documentation of the code
docs:
    cargo doc --workspace --no-deps --open

# Run everything that must hold before a change is merged, as on a machine of its own
ci:
    .ci/run
