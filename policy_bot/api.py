"""The Python interface to `policy-bot check` and `inspect`.

    from policy_bot import check_project, read_project

    judgement = check_project("apps/web")
    for finding in judgement.findings:
        print(finding.span.path, finding.span.line, finding.message)

These names, their parameters and the fields of their results change only in a new major release. Source is
read in a separate process, and no code of the project is run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from policy_bot.cli import reading, rules
from policy_bot.cli.organisation import Above
from policy_bot.cli.problem import Problem
from policy_bot.cli.report import ERRORS
from policy_bot.cli.selection import Selected
from policy_bot.policy.finding import Judgement
from policy_bot.sst.deployment import Project

__all__ = ["Problem", "check_project", "read_project"]

PathLike = str | os.PathLike[str]


def check_project(
    path: PathLike = ".",
    *,
    stages: Sequence[str] = (),
    dev: bool = False,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    organisation: PathLike | None = None,
) -> Judgement:
    """Checks every SST project below a folder, or one config; proves fixes.

    `stages` restricts it to these stages (`dev`: as `sst dev` would run them), `select` and `ignore` name
    policies or groups, `organisation` is a checkout of the organisation's `.github` repository. Settings,
    policies and waivers are those of the git checkout that contains `path`. Paths in the result are relative
    to the current folder; lines and columns count from 1. If there are more than a few projects, they lack
    their contexts.

    Raises `Problem` for a path that does not exist, an unknown stage or policy, and mistakes in settings.
    """
    above = Above(None if organisation is None else os.fspath(organisation))
    with _local_run(path, stages, dev=dev) as local:
        return rules.judged(local, ERRORS, above, Selected(tuple(select), tuple(ignore))).judgement


def read_project(path: PathLike = ".", *, stages: Sequence[str] = (), dev: bool = False) -> Project:
    """Reads an SST project in each stage: components, functions with their values, and blind spots.

    `path` is a config, or a folder with exactly one project in, below or above it, else raises `Problem`.
    """
    with _local_run(path, stages, dev=dev) as local:
        if len(local.configs) != 1:
            found = f"{len(local.configs)} SST projects" if local.configs else "no SST project"
            raise Problem(f"{os.fspath(path)}: {found}; name one config")
        [project] = local.projects()
        local.viewpoint.knows(project.files)
        return local.viewpoint.of(project)


@contextmanager
def _local_run(path: PathLike, stages: Sequence[str], *, dev: bool) -> Iterator[reading.LocalRun]:
    asked = reading.path_arguments([os.fspath(path)])
    asked.stage, asked.dev = [reading.stage(name) for name in stages], dev
    with reading.local_run(asked) as local:
        yield local
