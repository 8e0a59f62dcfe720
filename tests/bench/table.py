#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The table of a benchmark: medians, ratios and goals. table.py RESULTS csv=FILE xml=FILE jsonl=FILE

RESULTS has a line for each run: job|round|tool|wall microseconds|user seconds, system seconds, peak KiB.
A ratio is the median, over the rounds, of a tool's wall time by dragoman's in the same round.
"""

import os
import statistics
import sys

# At least so many times as fast, each on one thread, by wall time.
GOALS = {
    "csv_to_jsonl": {"miller": 4, "ogr2ogr": 5},
    "xml_to_csv": {"python lxml": 3},
    "jsonl_to_csv": {"jq": 3},
}
# What two processes must gain on one file.
TWO_JOBS, TWO_JOBS_GOAL = "dragoman, 2 jobs", 1.5
TITLES = {"csv": "CSV", "jsonl": "JSON Lines", "xml": "XML"}


def read(path):
    """job -> tool -> round -> (wall, processor seconds, peak MiB), in the order of the runs."""
    jobs = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            job, turn, tool, wall, rest = line.rstrip("\n").split("|")
            user, system, peak = rest.split()
            runs = jobs.setdefault(job, {}).setdefault(tool, {})
            runs[int(turn)] = (int(wall) / 1e6, float(user) + float(system), int(peak) / 1024)
    return jobs


def print_job(job, tools, size):
    source, _, target = job.partition("_to_")
    own = tools.get("dragoman", {})
    print(f"\n{TITLES[source]} -> {TITLES[target]}, {size / 1e6:.0f} MB in")
    print(f"  {'':22} {'wall s':>8} {'MB/s':>8} {'cpu s':>8} {'peak MiB':>9} {'wall ratio':>11}")
    ratios = {}
    for tool, runs in tools.items():
        wall, cpu, peak = (statistics.median(column) for column in zip(*runs.values()))
        both = [runs[turn][0] / own[turn][0] for turn in runs if turn in own]
        ratios[tool] = statistics.median(both) if both else None
        ratio = f"{ratios[tool]:.1f}" if both else "-"
        print(f"  {tool:22} {wall:8.2f} {size / 1e6 / wall:8.1f} {cpu:8.2f} {peak:9.1f} {ratio:>11}")
    for tool, goal in GOALS.get(job, {}).items():
        if ratios.get(tool) is None:
            print(f"  goal: {goal} times {tool}: not measured")
        else:
            verdict = "holds" if ratios[tool] >= goal else "MISSED"
            print(f"  goal: {goal} times {tool} on one thread: {ratios[tool]:.1f}: {verdict}")
    if ratios.get(TWO_JOBS):
        gain = 1 / ratios[TWO_JOBS]
        verdict = "holds" if gain >= TWO_JOBS_GOAL else "MISSED"
        print(f"  goal: two jobs at least {TWO_JOBS_GOAL} times as fast as one: {gain:.2f}: {verdict}")


def main():
    jobs = read(sys.argv[1])
    sizes = {name: os.path.getsize(path) for name, _, path in (a.partition("=") for a in sys.argv[2:])}
    for job, tools in jobs.items():
        print_job(job, tools, sizes[job.partition("_to_")[0]])
    print(
        "\nTools are on one thread each, save where the line says otherwise. The inputs come from the page cache."
        "\ndragoman's time includes fsync; its CSV has every column of the schema, the others' those in use."
    )


main()
