"""`policy-bot test FILE --on PATH`: applies one policy to real projects while it is being written."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.policy.policy import Policy
    from policy_bot.policy.settings import Settings


def apply(policies: list[Policy], path: str) -> None:
    """Prints the verdict and the values for every subject of the projects below a path."""
    from policy_bot.cli import reading
    from policy_bot.cli.explain import described
    from policy_bot.cli.output.style import style_for
    from policy_bot.policy.verdicts import verdicts

    style = style_for(sys.stdout)
    counted: Counter[str] = Counter()
    with reading.local_run(reading.path_arguments([path])) as local:
        for config in local.configs:
            project = local.project(local.tree, config, ())
            for policy in policies:
                for stated in verdicts(project, [policy], switched_on(policy)):
                    counted[stated.verdict] += 1
                    print("\n".join(described(stated, style)))
            counted["projects"] += 1
    words = f"{counted['pass']} pass, {counted['fail']} fail, {counted['unknown']} cannot tell"
    print(f"{counted['projects']} {'project' if counted['projects'] == 1 else 'projects'}: {words}")


def switched_on(policy: Policy) -> Settings:
    """The default settings with the policy on, whatever its profiles."""
    from policy_bot.policy.settings import BUILT_IN, Decision, Settings

    decisions = dict(Settings.default().decisions)
    decisions[f"{policy.id}.severity"] = Decision(policy.severity, BUILT_IN)
    return Settings(decisions)


def checked(path: str) -> str:
    """The path of `--on`. Raises `Problem` if it does not exist."""
    from policy_bot.cli.problem import Problem

    if not Path(path).exists():
        raise Problem(f"{path}: no such file or folder")
    return path
