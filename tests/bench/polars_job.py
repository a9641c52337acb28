"""The benchmark's job in polars: polars_job.py BILL.csv CUBE.csv grouped|naive

Sums are Decimal(38, 18), so they are exact. The query is lazy and streamed, and reads only the columns it
needs. The modes are those of duckdb_job.py.
"""

import sys

import polars as pl

import rules

DECIMAL = pl.Decimal(38, 18)
KEYS = ["month", "ServiceName", "SubAccountName", "RegionId", "ChargeCategory", "Tags"]


def main():
    bill, cube, mode = sys.argv[1:]
    sums = [pl.col("billed").sum(), pl.col("effective").sum()]
    rows = pl.scan_csv(bill, infer_schema=False).select(
        pl.col("ChargePeriodStart").str.head(7).alias("month"),
        *KEYS[1:],
        pl.col("BilledCost").cast(DECIMAL).alias("billed"),
        pl.col("EffectiveCost").cast(DECIMAL).alias("effective"),
    )
    if mode == "grouped":
        rows = rows.group_by(KEYS).agg(sums)
    tags = [pl.col("Tags").str.json_path_match(f"$.{key}").alias(f"tag_{key}") for key in rules.tag_keys()]
    dimensions = [rules.polars_case(dimension).alias(dimension["name"]) for dimension in rules.load()]
    rows = rows.with_columns(tags).with_columns(dimensions).rename({"ServiceName": "service_name"})
    result = rows.group_by("month", "squad", "service_name", "environment").agg(sums).collect(engine="streaming")
    result.write_csv(cube)


main()
