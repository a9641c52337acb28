"""Runs the program on every file of a folder of bills and holds its figures against a table and against sums made here.

usage: shared_data.py PROGRAM FOLDER TABLE

The table has a line for each file: path, outcome, and what is expected.
* `report`: dialect, rows, then where the billed cost of the file stands: `sum COLUMN` (added up here, with Python's
  `csv` and `decimal`), `credits COLUMN` (the same with Google Cloud's list of credits), or `uncommitted COLUMN` (the
  same without the rows of reservations and savings plans, whose billed cost an amortized export does not state).
* `refused`: exit code 2, nothing on standard output, a hint, and a message that contains this text.
"""

import ast
import csv
import gzip
import io
import json
import subprocess
import sys
import tempfile
from decimal import Context, Decimal
from pathlib import Path

PROGRAM, FOLDER, TABLE = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
EXACT = Context(prec=80)
UNIT = Decimal("1e-18")  # more decimals are rounded half-even, row by row
NULLS = {"", "NULL", "null", "None", "N/A"}
csv.field_size_limit(1 << 24)

passed, failed = 0, []


def check(what, found, wanted):
    global passed
    if found == wanted:
        passed += 1
    else:
        failed.append(what)
        print(f"FAILED {what}\n  found  {found}\n  wanted {wanted}")


def run(*args):
    command = [PROGRAM, *map(str, args), "--as-of", "2026-07-01", "--format", "json", "--quiet"]
    ended = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=300)
    return ended.returncode, ended.stdout, ended.stderr


def reports(*args):
    """The documents of a report that must succeed, by currency."""
    code, out, err = run("report", *args)
    if code != 0:
        check(f"report {args}", (code, err), "a report")
        return {}
    documents = json.loads(out)
    return {document["currency"]: document for document in (documents if isinstance(documents, list) else [documents])}


def report(*args):
    """The one document of such a report."""
    found = list(reports(*args).values())
    check(f"currencies of {args}", len(found), 1)
    return found[0] if found else None


def text(path):
    bytes_ = path.read_bytes()
    return (gzip.decompress(bytes_) if path.suffix == ".gz" else bytes_).decode("utf-8-sig")


def plain(amount):
    return None if amount is None else format(amount.normalize(EXACT), "f")


def summed(path, column, how="sum"):
    """The column's sum, or None where no row states it."""
    total = None
    for row in csv.DictReader(io.StringIO(text(path))):
        cell = row[column].strip()
        if cell in NULLS or (how == "uncommitted" and row["PricingModel"] in ("Reservation", "SavingsPlan")):
            continue
        amount = Decimal(cell).quantize(UNIT, context=EXACT)
        for credit in ast.literal_eval(row["credits"]) if how == "credits" and row["credits"] else []:
            amount = EXACT.add(amount, Decimal(str(credit["amount"])))
        total = EXACT.add(total or Decimal(0), amount)
    return plain(total)


def check_report(path, name, dialect, rows, billed):
    documents = reports(name).values()
    if not documents:
        return
    for document in documents:
        (file,) = document["verdict"]["files"]
        check(f"{name}: dialect, rows", (file["dialect"], str(file["rows"]), file["refused"]), (dialect, rows, 0))
        for metric, kept in document["conservation"].items():
            check(f"{name}: {metric} conserved", kept["difference"] in ("0", None), True)
    months = [month["totals"]["billed"] for document in documents for month in document["history"]]
    stated = [Decimal(amount) for amount in months if amount is not None]
    total = plain(sum(stated, Decimal(0))) if stated else None
    how, _, column = billed.partition(" ")
    check(f"{name}: billed", total, summed(path, column, how))


def check_refused(name, message):
    code, out, err = run("report", name)
    check(f"{name}: exit code and output", (code, out), (2, ""))
    check(f"{name}: message, place and hint", (message in err, err.startswith("error: "), "\nhint: " in err), (True,) * 3)


def every_file():
    lines = [line.split("\t") for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    table = {line[0]: line[1:] for line in lines}
    files = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file())
    check("every file stands in the table", sorted(set(files) - set(table)), [])
    check("every line of the table has its file", sorted(set(table) - set(files)), [])
    for name in files:
        match table.get(name):
            case ["report", dialect, rows, billed]:
                check_report(FOLDER / name, name, dialect, rows, billed)
            case ["refused", message]:
                check_refused(name, message)
            case other:
                check(f"{name}: its line", other, "report or refused")


def amounts(document):
    return {metric: total["amount"] for metric, total in document["totals"].items()}


def the_focus_sample():
    document = report("focus/focus-1.0-sample-1000.csv.gz")
    found = amounts(document)
    wanted = {"billed": "20.52022672899", "effective": "14.97651418586", "list": "20.39090575119"}
    check("FOCUS sample", {metric: found[metric] for metric in wanted}, wanted)
    contracted = document["totals"]["contracted"]
    check("FOCUS sample: rows without a contracted cost", contracted["missing_rows"], 7)
    check("FOCUS sample: contracted", contracted["amount"], summed(FOLDER / "focus/focus-1.0-sample-1000.csv.gz", "ContractedCost"))
    merge = document["verdict"]["tags"]["merge"]
    check("FOCUS sample: one tag key in two spellings", {"keys": [" org", "org"], "into": "org"} in merge, True)


def the_cur_sample():
    document = report("aws/focus_converters-aws-sample-anonymous.csv.gz")
    check("CUR sample", amounts(document)["billed"], "1.6823086974")
    check("CUR sample: is not whole", document["complete"], "no")


MONTHS = {
    "2026-01": "118180.45884064318512",
    "2026-02": "106742.42437373758656",
    "2026-03": "118177.48119063358512",
    "2026-04": "114277.3818183359856",
    "2026-05": "198440.40032064718512",
    "2026-06": "216388.20409450078608",
}


def scope(document, level, key):
    return [change for change in document["changes"] if change["scope"] == {"level": level, "key": key}]


def moved_accounts(before, now):
    """The change of every account that moved by more than 20 %."""
    sums = {}
    for sign, month in ((-1, before), (1, now)):
        for row in csv.DictReader(io.StringIO(text(FOLDER / f"nise/aws-varied/cur-{month}.csv.gz"))):
            both = sums.setdefault(row["lineItem/UsageAccountId"], {-1: Decimal(0), 1: Decimal(0)})
            both[sign] = EXACT.add(both[sign], Decimal(row["lineItem/UnblendedCost"]))
    moved = {account: EXACT.subtract(both[1], both[-1]) for account, both in sums.items()}
    return {account: delta for account, delta in moved.items() if abs(delta) * 100 > abs(sums[account][-1]) * 20}


def six_months_of_aws():
    document = report("nise/aws-varied")
    check("aws-varied: the latest whole month", (document["month"], document["complete"]), ("2026-05", "yes"))
    rise = scope(document, "service_name", {"service_name": "AmazonS3"})
    found = [(change["kind"], change["percent"], change["percent_per_day"]) for change in rise]
    check("aws-varied: AmazonS3 in May", found, [("rise", "75.9368", "70.2614")])
    for change in document["changes"]:
        parts = [Decimal(part["delta"]) for part in change["contributors"]] + [Decimal(change["other"])]
        total = Decimal(0)
        for part in parts:
            total = EXACT.add(total, part)
        check(f"aws-varied: the parts of {change['scope']}", total, Decimal(change["delta"]))
    found = {change["scope"]["key"].get("sub_account_id"): Decimal(change["delta"]) for change in document["changes"]}
    found.pop(None)
    check("aws-varied: accounts that moved by more than 20 % are all shown", found, moved_accounts("2026-04", "2026-05"))

    june = report("nise/aws-varied", "--month", "2026-06")
    check("aws-varied: every month", {month["month"]: month["totals"]["billed"] for month in june["history"]}, MONTHS)
    check("aws-varied: June is not whole", june["complete"], "no")
    check("aws-varied: June's days", june["basis"], {"from": "2026-06-01", "to": "2026-06-29"})
    flagged = scope(june, "total", {}) + scope(june, "service_name", {"service_name": "AmazonS3"})
    check("aws-varied: neither June's total nor AmazonS3 is flagged", flagged, [])
    by_service = report("nise/aws-varied", "--month", "2026-06", "--by", "service_name")
    storage = [group["percent"] for group in by_service["groups"] if group["key"]["service_name"] == "AmazonS3"]
    check("aws-varied: AmazonS3 in June", storage, ["18.2587"])
    provider = report("nise/aws-varied", "--month", "2026-06", "--by", "provider_name")
    check("aws-varied: June's total", [group["percent"] for group in provider["groups"]], ["17.9118"])


def a_flat_month_of_google_cloud():
    document = report("nise/gcp", "--month", "2026-03", "--by", "provider_name")
    found = [(group["percent"], group["percent_per_day"]) for group in document["groups"]]
    check("gcp: February to March", found, [("10.7143", "0")])
    check("gcp: the total is not flagged", scope(document, "total", {}), [])


def a_final_bill_and_its_draft():
    final, draft = "aws/koku-2023-06-01.csv", "aws/koku-2023-06-01-not-final.csv"
    months = [month["final"] for name in (final, draft) for file in report(name)["verdict"]["files"] for source in file["sources"] for month in source["months"]]
    check("final and draft", months, ["yes", "no"])
    # They were made anonymous apart from each other: with the account of the one they are what they were.
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / "final.csv", Path(scratch) / "draft.csv"]
        paths[0].write_text(text(FOLDER / final))
        paths[1].write_text(text(FOLDER / draft).replace("9999999999999", "0099999999999"))
        code, out, err = run("report", *paths)
        check("final beside draft is refused", (code, out, "3 rows of 2023-06 in common" in err, "--overlap newest" in err), (2, "", True, True))
        for order in (paths, paths[::-1]):
            document = report(*order, "--overlap", "newest")
            check("--overlap newest keeps the final one", (amounts(document)["billed"], document["totals"]["billed"]["rows"]), ("30", 3))
        kept = report(paths[0])
        check("which is the final one's figures", amounts(document), amounts(kept))


def actual_and_amortized():
    pair = ["azure/finops-toolkit-EA_ActualCost_Small.csv", "azure/finops-toolkit-EA_AmortizedCost_Small.csv"]
    alone = [report(name) for name in pair]
    both = report(*pair)
    check("Azure pair: what nobody knows of the one stands in the other", [total["missing_rows"] for metric, total in both["totals"].items() if metric in ("billed", "effective")], [0, 0])
    amortized = summed(FOLDER / pair[1], "Cost")
    check("Azure pair: effective is the amortized file's cost", (amounts(both)["effective"], amounts(alone[1])["effective"]), (amortized, amortized))


def everything_at_once():
    code, out, err = run("report", ".")
    check("all files at once: a message and no figures", (code, out, err.startswith("error: ")), (2, "", True))


every_file()
the_focus_sample()
the_cur_sample()
six_months_of_aws()
a_flat_month_of_google_cloud()
a_final_bill_and_its_draft()
actual_and_amortized()
everything_at_once()
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
