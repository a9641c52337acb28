"""The benchmark's job in DuckDB: duckdb_job.py BILL.csv CUBE.csv grouped|naive

Sums are DECIMAL(38,18), so they are exact. Columns are declared rather than sniffed, and only those that the
job needs are read. `grouped` first sums by the raw columns, so that tags are read and rules run once per
distinct combination; `naive` does it row by row, which wins when almost every row has tags of its own.
"""

import csv
import sys

import duckdb

import rules

DECIMAL = "DECIMAL(38,18)"
KEYS = "ServiceName, SubAccountName, RegionId, ChargeCategory, Tags"


def source(bill):
    with open(bill, newline="", encoding="utf-8") as file:
        header = next(csv.reader(file))
    types = {"BilledCost": DECIMAL, "EffectiveCost": DECIMAL}
    columns = ", ".join(f"'{name}': '{types.get(name, 'VARCHAR')}'" for name in header)
    return (
        f"read_csv({rules.quote(bill)}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"', "
        f"new_line='\\n', columns={{{columns}}})"
    )


def query(bill, mode):
    rows = f"SELECT substr(ChargePeriodStart, 1, 7) AS month, {KEYS}, BilledCost AS billed, EffectiveCost AS effective"
    rows += f" FROM {source(bill)}"
    if mode == "grouped":
        rows = f"SELECT month, {KEYS}, sum(billed) AS billed, sum(effective) AS effective FROM ({rows}) GROUP BY ALL"
    # One call that takes all paths parses each text once.
    paths = ", ".join(rules.quote(f"$.{key}") for key in rules.tag_keys())
    tags = ", ".join(f'found[{index}] AS "tag_{key}"' for index, key in enumerate(rules.tag_keys(), start=1))
    dimensions = {dimension["name"]: rules.sql_case(dimension) for dimension in rules.load()}
    return f"""
        SELECT month, {dimensions['squad']} AS squad, ServiceName AS service_name,
               {dimensions['environment']} AS environment, sum(billed) AS billed, sum(effective) AS effective
        FROM (SELECT *, {tags} FROM (SELECT *, json_extract_string(Tags, [{paths}]) AS found FROM ({rows})))
        GROUP BY ALL
    """


def main():
    bill, cube, mode = sys.argv[1:]
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order = false")
    connection.execute(f"COPY ({query(bill, mode)}) TO {rules.quote(cube)} (FORMAT csv, HEADER)")


main()
