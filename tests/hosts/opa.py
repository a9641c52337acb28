"""The OPA module in PyPI's opa-wasmtime: data and inputs in, result sets or messages out."""

import json
import sys

from opa_wasmtime import OPAPolicy

asked = json.load(sys.stdin)
policy = OPAPolicy(asked["module"], min_memory=5)
policy.set_data(asked["data"])


def evaluate(given):
    try:
        return policy.evaluate(given, asked["entrypoint"])
    except Exception as error:
        return {"aborted": str(error)}


json.dump({"entrypoints": policy.entrypoints, "results": [evaluate(given) for given in asked["inputs"]]}, sys.stdout)
