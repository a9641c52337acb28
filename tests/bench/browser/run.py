#!/usr/bin/env python3
"""The npm package beside duckdb-wasm in Node: the same bill, the same rules, the same cube to the last digit.

    cargo run -p headroom-wasm-build -- npm && python3 tests/bench/browser/run.py

Generates the bill if it is not there, runs whole processes in turns, and prints medians of wall and CPU time of
the reading itself, of the start of the engine, and the linear memory. Exits 1 unless the cubes are equal and
the gates hold. duckdb-wasm comes from npm into `target/bench`, on first use.

duckdb-wasm loads its JSON functions from the network, so tags are taken out by regular expressions, once for each
distinct combination of the columns that the rules look at. It has one thread; the package reads by as many as the machine has
processors, up to four, and in a line of its own by one.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import rules  # noqa: E402
import run as native  # noqa: E402

DUCKDB = "@duckdb/duckdb-wasm@1.32.0"

# What must hold: megabytes a second, times duckdb-wasm's wall time, MiB of linear memory, and ms to start.
SPEED_GATE = 300
RATIO_GATE = 10.0
MEMORY_GATE_MIB = 64
START_GATE_MS = 100

DECIMAL = "DECIMAL(38,18)"
# As many as the package takes by itself.
MOST_THREADS = 4

KEYS = "ServiceName, SubAccountName, RegionId, ChargeCategory, Tags"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=1_000_000_000, help="size of the bill (default 1 GB)")
    parser.add_argument("--runs", type=int, default=3, help="how often each engine runs (default 3)")
    parser.add_argument("--scalar", action="store_true", help="also the build for machines without vectors")
    parser.add_argument("--page", action="store_true", help="also in a page of headless Chromium, by the package's worker")
    parser.add_argument("--dir", type=Path, help="where the bill, cubes and duckdb-wasm go (default target/bench)")
    parser.add_argument("--dist", type=Path, default=native.ROOT / "wasm" / "npm" / "dist", help="the built package")
    return parser.parse_args()


def query(bill):
    """The cube in SQL; the columns are declared rather than sniffed."""
    with open(bill, encoding="utf-8") as file:
        header = file.readline().rstrip("\n").split(",")
    types = {"BilledCost": DECIMAL, "EffectiveCost": DECIMAL}
    columns = ", ".join(f"'{name}': '{types.get(name, 'VARCHAR')}'" for name in header)
    source = (
        "read_csv('bill.csv', auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"new_line='\\n', columns={{{columns}}})"
    )
    tags = ", ".join(
        f"""regexp_extract(Tags, '"{key}":"([^"]*)"', 1) AS "tag_{key}\"""" for key in rules.tag_keys()
    )
    dimensions = {dimension["name"]: rules.sql_case(dimension) for dimension in rules.load()}
    return f"""
        SELECT month, {dimensions['squad']} AS squad, ServiceName AS service_name,
               {dimensions['environment']} AS environment,
               CAST(sum(billed) AS VARCHAR) AS billed, CAST(sum(effective) AS VARCHAR) AS effective
        FROM (SELECT *, {tags} FROM (
            SELECT substr(ChargePeriodStart, 1, 7) AS month, {KEYS},
                   sum(BilledCost) AS billed, sum(EffectiveCost) AS effective
            FROM {source} GROUP BY ALL))
        GROUP BY ALL
    """


def ensure_duckdb(directory):
    """Where npm has put duckdb-wasm."""
    modules = directory / "node_modules"
    if not (modules / "@duckdb" / "duckdb-wasm").exists():
        print("installing duckdb-wasm …", file=sys.stderr)
        subprocess.run(["npm", "install", "--silent", "--no-save", "--prefix", str(directory), DUCKDB], check=True)
    return modules


def ensure_playwright():
    """What drives Chromium comes with the portal page's tests."""
    portal = native.ROOT / "wasm" / "portal"
    if not (portal / "node_modules" / "playwright-core").exists():
        print("installing what drives Chromium …", file=sys.stderr)
        subprocess.run(["npm", "ci", "--silent", "--prefix", str(portal)], check=True)


def measured(command):
    """What a job says of itself."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        sys.exit(f"failed with {result.returncode}: {command}\n{result.stderr}")
    return json.loads(result.stdout)


def median(runs, what):
    return statistics.median(run[what] for run in runs)


def memories(runs):
    """MiB of the linear memory of the engine that was asked, and of those that helped it."""
    most = [max(run.get(what, 0) for run in runs) / (1 << 20) for what in ["memory", "helpers"]]
    return [mib for mib in most if mib > 0]


def main():
    arguments = parse_arguments()
    directory = (arguments.dir or native.target_dir() / "bench").resolve()
    directory.mkdir(parents=True, exist_ok=True)
    if not (arguments.dist / "headroom.wasm").exists():
        sys.exit(f"{arguments.dist}: no package\nhint: cargo run -p headroom-wasm-build -- npm")
    native.ensure_policy()
    bill = directory / f"bill-{arguments.bytes}-min.csv"
    native.ensure_bill(bill, arguments.bytes)
    native.warm(bill)
    modules = ensure_duckdb(directory)
    sql = directory / "duckdb-wasm.sql"
    sql.write_text(query(bill), encoding="utf-8")

    policy = native.HERE / "policy.toml"
    package = ["node", HERE / "headroom_job.mjs", arguments.dist, bill]
    threads = min(len(os.sched_getaffinity(0)), MOST_THREADS)
    contenders = [("headroom", [*package, directory / "wasm-headroom.csv", policy, threads])]
    contenders.append(("one thread", [*package, directory / "wasm-headroom-one.csv", policy, 1]))
    if arguments.scalar:
        scalar = [*package, directory / "wasm-headroom-scalar.csv", policy, 1, "headroom-scalar.wasm"]
        contenders.append(("headroom scalar", scalar))
    if arguments.page:
        ensure_playwright()
        page = ["node", HERE / "page_job.mjs", arguments.dist, bill, directory / "wasm-headroom-page.csv", policy]
        contenders.append(("headroom, page", page))
    duckdb = ["node", HERE / "duckdb_job.cjs", modules, bill, directory / "wasm-duckdb.csv", sql]
    contenders.append(("duckdb-wasm", duckdb))
    runs = {name: [] for name, _ in contenders}
    for _ in range(arguments.runs):
        for name, command in contenders:
            runs[name].append(measured(command))

    size = bill.stat().st_size
    print(f"{size:,} bytes, {arguments.runs} interleaved runs, in Node unless it says otherwise, medians")
    print(f"{'':16} {'wall s':>8} {'CPU s':>8} {'MB/s':>8} {'memory MiB':>12}")
    for name, found in runs.items():
        wall = median(found, "wall")
        cpu = "-" if found[0]["cpu"] is None else f"{median(found, 'cpu'):.2f}"
        memory = "-" if found[0]["memory"] is None else " + ".join(f"{mib:.1f}" for mib in memories(found))
        print(f"{name:16} {wall:8.2f} {cpu:>8} {size / wall / 1e6:8.0f} {memory:>12}")
    wall = median(runs["headroom"], "wall")
    speed = size / wall / 1e6
    ratio = median(runs["duckdb-wasm"], "wall") / wall
    memory = max(memories(runs["headroom"]))
    start = median(runs["headroom"], "start") * 1000
    print(f"{speed:.0f} MB/s (gate {SPEED_GATE}), {ratio:.1f}x duckdb-wasm (gate {RATIO_GATE:g}x), ", end="")
    print(f"{memory:.1f} MiB (gate {MEMORY_GATE_MIB}), started in {start:.0f} ms (gate {START_GATE_MS})")

    faults = []
    if speed < SPEED_GATE:
        faults.append(f"{speed:.0f} MB/s, gate {SPEED_GATE}")
    if ratio < RATIO_GATE:
        faults.append(f"{ratio:.1f}x duckdb-wasm, gate {RATIO_GATE:g}x")
    if memory > MEMORY_GATE_MIB:
        faults.append(f"{memory:.1f} MiB of linear memory, gate {MEMORY_GATE_MIB}")
    if start > START_GATE_MS:
        faults.append(f"started in {start:.0f} ms, gate {START_GATE_MS}")
    cubes = [str(command[index]) for _, command in contenders for index in [4]]
    compare = [sys.executable, "-B", str(native.HERE / "compare.py"), *cubes]
    result = subprocess.run(compare, capture_output=True, text=True)
    if result.returncode == 0:
        print(f"all cubes are equal: {result.stdout.strip()}")
    else:
        faults.append(result.stderr.strip())
    if faults:
        sys.exit("\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
