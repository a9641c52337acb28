"""Sizes of a generated fleet: Headroom beside the computation of Robusta KRR's simple strategy, on the same data.

  cargo build --release -p headroom
  cargo run --release -p headroom-tests --no-default-features --example generate_usage -- usage --workloads 10000 --days 14 > usage.csv
  python3 tests/bench/sizes.py load usage.csv usage.npz       what a monitoring system would have handed over; not timed
  python3 tests/bench/sizes.py krr usage.npz                  KRR's arithmetic alone: no reading, no learning, no replay
  /usr/bin/time -v target/release/headroom rightsize usage.csv --format csv --output sizes.csv

KRR takes the 95th percentile of CPU and the maximum of memory + 15 % of each pod's array of (time, value), then the
highest of the pods, rounded up to 1 m and 1 MiB with floors of 10 m and 100 MiB. Needs numpy.
"""
import math
import sys
import time

import numpy as np


def load(table, out):
    names, cpu, memory = {}, [], []
    with open(table) as rows:
        next(rows)
        for row in rows:
            when, name, resource, value, _ = row.split(",")
            at = names.get(name)
            if at is None:
                at = names[name] = len(names)
                cpu.append([])
                memory.append([])
            (cpu if resource == "cpu" else memory)[at].append((float(when), float(value)))
    np.savez(out, names=np.array(list(names)), cpu=np.array(cpu), memory=np.array(memory))


def krr(arrays):
    data = np.load(arrays)
    names, cpu, memory = data["names"], data["cpu"], data["memory"]
    began = time.perf_counter()
    sizes = []
    for name, of_cpu, of_memory in zip(names, cpu, memory):
        pods = {"pod": of_cpu}
        request = float(np.max([np.percentile(pod[:, 1], 95) for pod in pods.values()]))
        request = max(math.ceil(request * 1000) / 1000, 0.01)
        pods = {"pod": of_memory}
        limit = float(np.max([np.max(pod[:, 1]) for pod in pods.values()])) * 1.15
        sizes.append((name, request, max(math.ceil(limit), 100)))
    took = time.perf_counter() - began
    print(f"KRR's arithmetic: {len(sizes)} workloads in {took:.2f} s")


if __name__ == "__main__":
    load(*sys.argv[2:]) if sys.argv[1] == "load" else krr(sys.argv[2])
