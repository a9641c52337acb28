#!/usr/bin/env python3
"""Headroom beside DuckDB and polars: the same bill, the same rules, the same cube to the last digit.

    cargo build --release && python3 tests/bench/run.py

Generates the bill if it is not there, runs whole processes in turns, and prints medians of wall time, CPU
time (user + system) and peak memory. Exits 1 unless all cubes are equal and the gates hold. The engines come
from PyPI into a virtual environment under `target/bench`, made on first use.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ENGINES = ["duckdb", "polars"]
MODES = ["grouped", "naive"]

# How many times more CPU an engine must take than Headroom, and the memory Headroom may take.
CPU_GATES = {"duckdb": 5.0, "polars": 3.0}
PEAK_GATE_MIB = 100
SMALL_GATE_MS = 20


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=1_000_000_000, help="size of the bill (default 1 GB)")
    parser.add_argument("--runs", type=int, default=3, help="how often each program runs (default 3)")
    parser.add_argument("--quote", choices=["min", "all"], default="min", help="how the bill quotes text")
    parser.add_argument("--hostile", action="store_true", help="also a bill with unique tags and 2,000,000 resources")
    parser.add_argument("--small", action="store_true", help="only time `headroom report` on a bill of 1 MB")
    parser.add_argument("--dir", type=Path, help="where bills, cubes and the environment go (default target/bench)")
    parser.add_argument("--headroom", type=Path, help="the program to measure (default target/release/headroom)")
    return parser.parse_args()


def target_dir():
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


# What is measured, and with what


def ensure_python(directory):
    """The interpreter of a virtual environment that has the engines."""
    python = directory / "venv" / "bin" / "python"
    if not python.exists():
        print("installing duckdb and polars …", file=sys.stderr)
        venv.create(directory / "venv", with_pip=True)
    check = [str(python), "-c", "import " + ", ".join(ENGINES)]
    if subprocess.run(check, stderr=subprocess.DEVNULL).returncode != 0:
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *ENGINES], check=True)
    versions = "; ".join(f"print('{engine}', {engine}.__version__)" for engine in ENGINES)
    subprocess.run([*check[:2], f"{check[2]}; {versions}"], check=True)
    return python


def ensure_policy():
    """The policy says what rules.json says."""
    written = subprocess.run(
        [sys.executable, "-B", str(HERE / "rules.py"), "policy"], check=True, capture_output=True, text=True
    )
    if written.stdout != (HERE / "policy.toml").read_text(encoding="utf-8"):
        sys.exit("policy.toml is not what rules.json says\nhint: python3 tests/bench/rules.py policy > tests/bench/policy.toml")


def ensure_bill(path, size, quote="min", hostile=False):
    """Generates the bill. The name says all its options, so one that is there is the right one."""
    if path.exists():
        return
    partial = path.with_suffix(".partial")
    command = ["cargo", "run", "--quiet", "--release", "--locked", "-p", "headroom-tests", "--no-default-features"]
    command += ["--example", "generate_focus", "--", str(partial), "--bytes", str(size), "--quote", quote]
    if hostile:
        command += ["--unique-tags", "--resources", "2000000"]
    subprocess.run(command, check=True, cwd=ROOT)
    partial.rename(path)


def warm(path):
    """Brings the file into the page cache, so that no program pays for the disk."""
    with open(path, "rb", buffering=0) as file:
        while file.read(1 << 24):
            pass


def measure(command):
    """Wall seconds, CPU seconds and peak MiB of one run."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed with {process.returncode}: {' '.join(command)}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024}


def median(runs, what):
    return statistics.median(run[what] for run in runs)


# The large bills


def contenders(headroom, python, bill, directory):
    """Name, command and cube of each program."""
    cube = directory / "headroom.csv"
    policy = HERE / "policy.toml"
    command = [headroom, "allocate", bill, "--policy", policy, "--output", cube, "--format", "csv"]
    found = [("headroom", [str(part) for part in command], cube)]
    for engine in ENGINES:
        for mode in MODES:
            cube = directory / f"{engine}-{mode}.csv"
            command = [python, "-B", HERE / f"{engine}_job.py", bill, cube, mode]
            found.append((f"{engine} {mode}", [str(part) for part in command], cube))
    return found


def compete(title, headroom, python, bill, directory, times):
    """Runs every program in turns and prints the table; gives what went wrong."""
    warm(bill)
    programs = contenders(headroom, python, bill, directory)
    for _, _, cube in programs:
        cube.unlink(missing_ok=True)
    runs = {name: [] for name, _, _ in programs}
    for _ in range(times):
        for name, command, _ in programs:
            runs[name].append(measure(command))
    size = bill.stat().st_size
    print(f"\n{title}: {size:,} bytes, {times} interleaved runs, medians")
    print(f"{'':16} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9} {'CPU ratio':>10} {'wall ratio':>10}")
    ours = {what: median(runs["headroom"], what) for what in ("wall", "cpu", "peak")}
    for name, _, _ in programs:
        wall, cpu, peak = (median(runs[name], what) for what in ("wall", "cpu", "peak"))
        print(f"{name:16} {wall:8.2f} {cpu:8.2f} {peak:9.1f} {cpu / ours['cpu']:9.1f}x {wall / ours['wall']:9.1f}x")

    faults = []
    for engine, gate in CPU_GATES.items():
        fastest = min(median(runs[f"{engine} {mode}"], "cpu") for mode in MODES)
        ratio = fastest / ours["cpu"]
        print(f"{engine}, its faster mode: {ratio:.2f}x our CPU (gate {gate:g}x)")
        if ratio < gate:
            faults.append(f"{title}: CPU is {ratio:.2f}x less than {engine}, gate {gate:g}x")
    peak = max(run["peak"] for run in runs["headroom"])
    print(f"highest peak of headroom: {peak:.1f} MiB (gate {PEAK_GATE_MIB} MiB)")
    if peak > PEAK_GATE_MIB:
        faults.append(f"{title}: peak is {peak:.1f} MiB, gate {PEAK_GATE_MIB} MiB")
    compare = [sys.executable, "-B", str(HERE / "compare.py"), *(str(cube) for _, _, cube in programs)]
    result = subprocess.run(compare, capture_output=True, text=True)
    if result.returncode == 0:
        print(f"all cubes are equal: {result.stdout.strip()}")
    else:
        faults.append(f"{title}: {result.stderr.strip()}")
    return faults


# The small bill


def answer_small(headroom, directory):
    """How long a report on 1 MB takes, process start included."""
    bill = directory / "bill-1000000-min.csv"
    ensure_bill(bill, 1_000_000)
    warm(bill)
    runs = [measure([str(headroom), "report", str(bill)]) for _ in range(21)]
    wall = median(runs, "wall") * 1000
    print(f"\nreport on {bill.stat().st_size:,} bytes: median {wall:.1f} ms of 21 runs (gate {SMALL_GATE_MS} ms)")
    return [] if wall <= SMALL_GATE_MS else [f"small bill: {wall:.1f} ms, gate {SMALL_GATE_MS} ms"]


def main():
    arguments = parse_arguments()
    directory = (arguments.dir or target_dir() / "bench").resolve()
    directory.mkdir(parents=True, exist_ok=True)
    headroom = (arguments.headroom or target_dir() / "release" / "headroom").resolve()
    if not headroom.exists():
        sys.exit(f"{headroom}: no such program\nhint: cargo build --release")

    if arguments.small:
        faults = answer_small(headroom, directory)
    else:
        ensure_policy()
        python = ensure_python(directory)
        bill = directory / f"bill-{arguments.bytes}-{arguments.quote}.csv"
        ensure_bill(bill, arguments.bytes, arguments.quote)
        faults = compete("usual bill", headroom, python, bill, directory, arguments.runs)
        if arguments.hostile:
            bill = directory / f"bill-{arguments.bytes}-{arguments.quote}-hostile.csv"
            ensure_bill(bill, arguments.bytes, arguments.quote, hostile=True)
            faults += compete("hostile bill", headroom, python, bill, directory, arguments.runs)
    if faults:
        sys.exit("\n" + "\n".join(faults))


if __name__ == "__main__":
    main()
