"""The benchmark's rules, rendered for each engine from rules.json.

`python3 rules.py policy > policy.toml` writes them as a Headroom policy.
"""

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# The name of a field in a policy, and of its column in a FOCUS bill.
COLUMNS = {
    "service_name": "ServiceName",
    "sub_account_name": "SubAccountName",
    "region_id": "RegionId",
    "charge_category": "ChargeCategory",
}


def load():
    """The dimensions, each with a name, a default and ordered rules."""
    return json.loads((HERE / "rules.json").read_text(encoding="utf-8"))["dimensions"]


def tag_key(field):
    """The tag a field names, or None when it names a column."""
    return field.removeprefix("tag:") if field.startswith("tag:") else None


def tag_keys():
    """Every tag the rules look at, in order of appearance."""
    fields = [test["field"] for dimension in load() for rule in dimension["rules"] for test in rule["when"]]
    return list(dict.fromkeys(key for key in map(tag_key, fields) if key))


def column(field):
    """The column that holds a field in the engines' queries; tags are extracted to `tag_<key>`."""
    key = tag_key(field)
    return COLUMNS[field] if key is None else f"tag_{key}"


# SQL


def quote(text):
    return "'" + text.replace("'", "''") + "'"


def sql_test(test):
    name = f'"{column(test["field"])}"'
    if "starts_with" in test:
        return f"starts_with({name}, {quote(test['starts_with'])})"
    values = test["equals"]
    if test.get("case") == "insensitive":
        name, values = f"lower({name})", [value.lower() for value in values]
    if len(values) == 1:
        return f"{name} = {quote(values[0])}"
    return f"{name} IN ({', '.join(map(quote, values))})"


def sql_case(dimension):
    """One CASE per dimension: the first rule that matches."""
    arms = [
        f"WHEN {' AND '.join(map(sql_test, rule['when']))} THEN {quote(rule['set'])}" for rule in dimension["rules"]
    ]
    return f"CASE {' '.join(arms)} ELSE {quote(dimension['default'])} END"


# polars


def polars_test(test):
    import polars as pl

    value = pl.col(column(test["field"]))
    if "starts_with" in test:
        return value.str.starts_with(test["starts_with"])
    values = test["equals"]
    if test.get("case") == "insensitive":
        value, values = value.str.to_lowercase(), [text.lower() for text in values]
    return value == values[0] if len(values) == 1 else value.is_in(values)


def polars_case(dimension):
    """The same as `sql_case`, as a polars expression."""
    import polars as pl

    chain = pl
    for rule in dimension["rules"]:
        tests = [polars_test(test) for test in rule["when"]]
        matched = tests[0]
        for test in tests[1:]:
            matched = matched & test
        chain = chain.when(matched).then(pl.lit(rule["set"]))
    return chain.otherwise(pl.lit(dimension["default"]))


# Headroom


def toml_test(test):
    key = tag_key(test["field"])
    if "starts_with" in test:
        asked = f"starts_with = {json.dumps(test['starts_with'])}"
    else:
        values = test["equals"]
        asked = f"equals = {json.dumps(values[0] if len(values) == 1 else values)}"
    if "case" in test:
        asked += f', case = "{test["case"]}"'
    return f"{{ tag = {json.dumps(key)}, {asked} }}" if key else f"{{ {test['field']} = {{ {asked} }} }}"


def policy():
    """The rules as a Headroom allocation policy; what no rule claims gets the default by a last rule."""
    lines = ["# Written by rules.py from rules.json; edit that file.", 'schema = "headroom/allocation/1"']
    for dimension in load():
        name = dimension["name"]
        for rule in dimension["rules"]:
            tests = [toml_test(test) for test in rule["when"]]
            when = tests[0] if len(tests) == 1 else f"{{ all = [{', '.join(tests)}] }}"
            lines += ["", "[[rule]]", f'id = "{name}-{rule["id"]}"', f"when = {when}"]
            lines += [f'set = {{ {name} = "{rule["set"]}" }}']
        # A rule without a condition is true of every charge.
        lines += ["", "[[rule]]", f'id = "{name}-default"', f'set = {{ {name} = "{dimension["default"]}" }}']
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if sys.argv[1:] != ["policy"]:
        sys.exit("usage: rules.py policy")
    sys.stdout.write(policy())
