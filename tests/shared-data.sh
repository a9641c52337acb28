#!/usr/bin/env bash
# The program on bills that nobody of this project wrote: tests/shared-data.sh DIR, where DIR holds `billing/`.
# The tests pass without it; what is expected of each file stands in shared-data.tsv.
set -euo pipefail
data=$(cd "${1:?usage: tests/shared-data.sh DIR}" && pwd)
cd "$(dirname "$0")/.."
# With all of the workspace: alone it would be built of dependencies with other features.
cargo build --quiet --workspace --all-targets --profile ci --locked
target=$(cargo metadata --format-version 1 --no-deps --locked | python3 -c 'import json, sys; print(json.load(sys.stdin)["target_directory"])')
exec python3 tests/shared_data.py "$target/ci/headroom" "$data/billing" tests/shared-data.tsv
