"""Reads Prometheus' text format with Prometheus' own Python client and prints what it understood as JSON.

Usage: parse_metrics.py FILE

The last line of the output has a version of the client, and the families in the order of the file: name, type,
help and samples, each sample with its name, labels and value. Values are text, as JSON has no infinity.
"""

import json
import sys
from importlib.metadata import version

from prometheus_client.parser import text_string_to_metric_families

with open(sys.argv[1], encoding="utf-8", newline="") as file:
    text = file.read()
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "samples": [
            {"name": sample.name, "labels": sample.labels, "value": repr(sample.value)}
            for sample in family.samples
        ],
    }
    for family in text_string_to_metric_families(text)
]
print(json.dumps({"prometheus_client": version("prometheus_client"), "families": families}))
