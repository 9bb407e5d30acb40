"""`policy-bot explain`: shows a policy's page in the terminal."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from policy_bot.cli import organisation
from policy_bot.cli.problem import Problem
from policy_bot.policy.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policy_bot.cli.output.style import Style
    from policy_bot.cli.reading import LocalRun
    from policy_bot.policy.engine import Judge
    from policy_bot.policy.verdicts import Stated

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


_LOOKS = {"pass": "green", "fail": "red", "unknown": "yellow"}
_RANK = {"fail": 0, "unknown": 1, "pass": 2}


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "explain",
        help="show a policy's page",
        description="Shows what a policy requires, why, and how to comply. With --on, shows its verdicts "
        "on the projects of a folder.",
    )
    parser.add_argument(
        "id", nargs="?", metavar="ID", help="e.g. timeout/too-short; default: list all policies"
    )
    parser.add_argument(
        "--on",
        metavar="PATH",
        help="show its verdict on every subject below PATH, including pass, and the reasons",
    )
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="without --on; default: text"
    )
    organisation.add_arguments(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the page or the list of policies. Raises `Problem` for an unknown id."""
    if args.id is None and args.on is not None:
        raise Problem(f"--on needs a policy: policy-bot explain ID --on {args.on}")
    judge = _judge(args)
    named = judge.policies if args.id is None else [_named(args, judge)]
    if args.format == "json" and args.on is None:
        print(_as_json(named, judge))
        return 0
    if args.id is None:
        print("\n".join(_listed(judge)))
        return 0
    [policy] = named
    if args.on is None:
        _show(policy)
    else:
        _apply(policy, args.on, judge)
    return 0


def _judge(args: argparse.Namespace) -> Judge:
    """The judge in force in this folder, which may be the organisation's own checkout."""
    from policy_bot.cli.boundary import root_of
    from policy_bot.cli.folder import FolderTree
    from policy_bot.cli.rules import rules
    from policy_bot.cli.viewpoint import Viewpoint

    root = root_of(".")
    view = Viewpoint(root, os.getcwd())
    return rules(FolderTree(root), organisation.Above.of(args), view, organisation.own_checkout(root))


def _listed(judge: Judge) -> Iterator[str]:
    """Lists every policy by owner with its severity in force, as wide as the terminal."""
    from policy_bot.cli.output.style import wrap

    width = max(len(policy.id) for policy in judge.policies)
    for whose in ("built-in", "organisation", "repository"):
        own = [policy for policy in judge.policies if organisation.owner(policy) == whose]
        if own and len(own) < len(judge.policies):
            yield f"{whose}:"
        for policy in sorted(own, key=lambda each: each.id):
            row = f"{policy.id:{width}}  {_severity(policy, judge):7}  {policy.title}"
            yield from wrap(row, hanging=" " * (width + 11)) if sys.stdout.isatty() else [row]


def _as_json(policies: Iterable[Policy], judge: Judge) -> str:
    """The policies with their severities in force and their pages."""
    import json

    from policy_bot.policy.pages import page

    rows = [
        {
            "id": policy.id,
            "title": policy.title,
            "severity": _severity(policy, judge),
            "layer": organisation.owner(policy),
            "confidence": policy.confidence,
            "fixable": policy.fixable,
            "waivable": policy.waivable,
            "since": policy.since,
            "sst": policy.sst,
            "parameters": {
                name: {"type": each.type, "default": each.default, "doc": each.doc}
                for name, each in policy.parameters.items()
            },
            "page": page(policy),
        }
        for policy in policies
    ]
    return json.dumps({"schema": "policy-bot.policies/1", "policies": rows}, indent=1, ensure_ascii=False)


def _severity(policy: Policy, judge: Judge) -> str:
    within = policy.severity_in(judge.settings.profile_of(policy.id))
    if within is None and f"{policy.id}.severity" not in judge.settings.decisions:
        return "off"
    return judge.settings.severity(policy.id, within or policy.severity) or "off"


def _named(args: argparse.Namespace, judge: Judge) -> Policy:
    policies = {policy.id: policy for policy in judge.policies}
    if args.id in policies:
        return policies[args.id]
    from policy_bot.policy.spelling import did_you_mean

    parts = [f"there is no policy {args.id} here.", did_you_mean(args.id, policies)]
    if not args.organisation:
        parts.append("For a policy of the organisation, add --organisation FOLDER")
    raise Problem(" ".join(filter(None, parts)))


def _show(policy: Policy) -> None:
    from policy_bot.policy.pages import page

    text = page(policy)
    if not sys.stdout.isatty():
        print(text, end="")
        return
    from policy_bot.cli.output.page import rendered
    from policy_bot.cli.output.style import WIDTH, style_for
    from policy_bot.record import replace

    style = style_for(sys.stdout)
    print("\n".join(rendered(text, replace(style, width=min(style.width, WIDTH)))))


def _apply(policy: Policy, path: str, judge: Judge) -> None:
    from policy_bot.cli import reading
    from policy_bot.cli.output.style import style_for

    style = style_for(sys.stdout)
    with reading.local_run(reading.path_arguments([path])) as local:
        said = [
            "\n".join(lines)
            for config in local.configs
            for lines in _blocks(local, config, policy, judge, style)
        ]
    if not said and _severity(policy, judge) == "off":
        said = [f"{policy.id} is off here."]
    if not said:
        what = "applies to nothing" if local.configs else "has nothing to check: there is no SST project"
        said = [f"{policy.id} {what} {'here' if path == '.' else f'below {path}'}."]
    print("\n".join(said))


def _blocks(local: LocalRun, config: str, policy: Policy, judge: Judge, style: Style) -> Iterator[list[str]]:
    """The verdicts on one project: a block for each subject, with the most severe of the policy's rules."""
    from policy_bot.cli.output.style import wrap
    from policy_bot.policy.verdicts import verdicts

    view = local.viewpoint
    project = local.project(local.tree, config, judge.settings.stages)
    view.knows(project.files)
    if project.unreadable is not None:
        unread = view.of(project.unreadable)
        where = style(f"{unread.span.path}:{unread.span.line}", "bold")
        yield [f"{where} {style('cannot judge', 'red', 'bold')}", *wrap(str(unread.reason), "  ")]
    worst: dict[object, Stated] = {}
    for stated in sorted(verdicts(project, [policy], judge.settings), key=lambda each: _RANK[each.verdict]):
        worst.setdefault((stated.span, stated.subject, stated.contexts), stated)
    for stated in sorted(worst.values(), key=lambda each: each.span):
        yield list(described(view.of(stated), style))


def described(stated: Stated, style: Style) -> Iterator[str]:
    """A verdict with its place, its contexts and the values it depends on."""
    from policy_bot.cli.output.style import safe, wrap

    where = safe(f"{stated.span.path}:{stated.span.line}")
    word = "cannot tell" if stated.verdict == "unknown" else stated.verdict
    yield f"{style(where, 'bold')} {style(word, _LOOKS[stated.verdict], 'bold')} {safe(stated.subject)}"
    yield from wrap(f"in {', '.join(stated.contexts)}", "  ")
    for fact in stated.evidence.facts:
        place = next((step.span for step in fact.derivation if step.span is not None), None)
        at = f" ({place.path}:{place.line})" if place else ""
        yield from wrap(f"{fact.name} = {fact.value}{at}", "  ", "    ")
