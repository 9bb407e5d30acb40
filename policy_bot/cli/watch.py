"""`check --watch`: judges again after each change of a file that the verdict depends on."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Collection

from policy_bot.cli import organisation, reading, rules, selection
from policy_bot.cli.problem import Problem
from policy_bot.cli.report import Report
from policy_bot.isolation.local import local_reader
from policy_bot.policy.revision import FILE_NAME, FOLDER, REPOSITORY_FOLDER

INTERVAL = 0.04
"""Seconds between two polls, which leaves the rest of the 100 ms after a save to reading."""

Wait = Callable[[Collection[str]], None]


def watch(args: argparse.Namespace, show: Callable[[Report], None], wait: Wait | None = None) -> None:
    """Judges and shows repeatedly until interrupted. The reading process is kept."""
    wait = wait or until_changed
    files: Collection[str] = ()
    with local_reader() as reader:
        while True:
            try:
                with reading.local_run(args, reader) as local:
                    report = rules.judged(
                        local, args.fail_on, organisation.Above.of(args), selection.Selected.of(args)
                    )
                    files = _files(report, local.viewpoint.path)
                show(report)
            except Problem as problem:
                if not files:
                    raise
                print(f"policy-bot: {problem}", file=sys.stderr)
            wait(files)


def _files(report: Report, seen: Callable[[str], str]) -> set[str]:
    """Files that the verdict depends on, and the paths of possible settings and policies."""
    projects = {file for project in report.judgement.projects for file in project.files}
    settings = f"{REPOSITORY_FOLDER}/{FILE_NAME}", f"{REPOSITORY_FOLDER}/{FOLDER}"
    return projects | set(map(seen, settings))


def until_changed(files: Collection[str]) -> None:
    """Returns when one of the files is saved, created or removed."""
    before = stamps(files)
    while stamps(files) == before:
        time.sleep(INTERVAL)


def stamps(files: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """Modification time, size and identity of each existing file."""
    found = {}
    for path in files:
        try:
            about = os.stat(path)
        except (OSError, ValueError):
            continue
        found[path] = (about.st_mtime_ns, about.st_size, about.st_ino)
    return found
