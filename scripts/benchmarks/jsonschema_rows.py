"""The structural schema part of the checks by python's jsonschema: FILE -> one line of JSON.

For each row, each tool's parameters are checked against the meta-schema and each call's arguments against its
tool's parameters (Draft 2020-12, all errors). CPU seconds include reading and parsing the rows, as ours do.
"""

import json
import sys
import time

from jsonschema import Draft202012Validator


def violations(row):
    validators = {}
    found = 0
    for tool in row["tools"]:
        schema = tool["function"].get("parameters", {"type": "object"})
        Draft202012Validator.check_schema(schema)
        validators[tool["function"]["name"]] = Draft202012Validator(schema)
    for message in row["messages"]:
        for call in message.get("tool_calls") or []:
            function = call["function"]
            validator = validators.get(function["name"])
            arguments = json.loads(function["arguments"])
            if validator is not None:
                found += sum(1 for _ in validator.iter_errors(arguments))
    return found


def main():
    rows = found = 0
    start = time.process_time()
    with open(sys.argv[1], encoding="utf-8") as file:
        for line in file:
            rows += 1
            found += violations(json.loads(line))
    cpu = time.process_time() - start
    print(json.dumps({"rows": rows, "cpu": cpu, "found": found}))


main()
