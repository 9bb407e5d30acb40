"""`check --watch`: judge again whenever a file that the verdict depends on changes."""

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
"""Seconds between two looks at the files: an answer within 100 ms of a save leaves the rest to reading."""

Wait = Callable[[Collection[str]], None]


def watch(args: argparse.Namespace, show: Callable[[Report], None], wait: Wait | None = None) -> None:
    """Judge and show, again and again, until interrupted. The reading process is kept."""
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
    """What the verdict depends on, and the places where settings and policies are or would be."""
    projects = {file for project in report.judgement.projects for file in project.files}
    settings = f"{REPOSITORY_FOLDER}/{FILE_NAME}", f"{REPOSITORY_FOLDER}/{FOLDER}"
    return projects | set(map(seen, settings))


def until_changed(files: Collection[str]) -> None:
    """Return as soon as one of the files is saved, made or removed."""
    before = stamps(files)
    while stamps(files) == before:
        time.sleep(INTERVAL)


def stamps(files: Collection[str]) -> dict[str, tuple[int, int, int]]:
    """When each file was changed, its size and identity; without those that are not there."""
    found = {}
    for path in files:
        try:
            about = os.stat(path)
        except (OSError, ValueError):
            continue
        found[path] = (about.st_mtime_ns, about.st_size, about.st_ino)
    return found
