"""Whether cubes are equal to the last digit: compare.py CUBE.csv CUBE.csv…

Cubes are read by column name. Amounts are compared as exact decimals; an empty key is the default of its
dimension in rules.json. Prints the size and the totals; exits 1 and names the first difference when two differ.

A process of its own: what this one needs in memory is not to be taken for that of the programs measured.
"""

import csv
import sys
from decimal import Decimal, localcontext

import rules

KEYS = ["month", "squad", "service_name", "environment"]
SUMS = ["billed", "effective"]


def read(path):
    defaults = {dimension["name"]: dimension["default"] for dimension in rules.load()}
    with open(path, newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [name for name in KEYS + SUMS if name not in (reader.fieldnames or [])]
        if missing:
            sys.exit(f"{path}: no column {', '.join(missing)} in {reader.fieldnames}")
        cube = {}
        for row in reader:
            key = tuple(row[name] or defaults.get(name, "") for name in KEYS)
            if key in cube:
                sys.exit(f"{path}: {key} is there twice")
            cube[key] = tuple(Decimal(row[name]) for name in SUMS)
    return cube


def difference(name, cube, other_name, other):
    for key in sorted(cube.keys() | other.keys()):
        left, right = cube.get(key), other.get(key)
        if left != right:
            return f"{'/'.join(key)}: {name} has {show(left)}, {other_name} has {show(right)}"
    return None


def show(sums):
    return "no such group" if sums is None else " and ".join(f"{amount:.18f}" for amount in sums)


def main():
    with localcontext() as context:
        context.prec = 60
        first_name, *names = sys.argv[1:]
        first = read(first_name)
        for name in names:
            found = difference(first_name, first, name, read(name))
            if found:
                sys.exit(f"cubes differ: {found}")
        billed, effective = (sum(sums[index] for sums in first.values()) for index in range(2))
        print(f"{len(first)} groups, billed {billed:.18f}, effective {effective:.18f}")


main()
