"""`policy-bot test`: run the cases of policy files, ours and anyone's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli.output.style import Style, safe, style_for
from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.policy.policy import Policy
    from policy_bot.review.rehearsal import Outcome

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "test",
        help="run the cases inside policy files",
        description="Reads and judges every `ts` case of the policy files below PATH, and shows where what "
        "was found differs from what is marked. Exit status: 0 all as marked, 1 not.",
    )
    parser.add_argument(
        "path",
        nargs="?",
        default=None,
        metavar="PATH",
        help="a policy file or a folder; default: policies, or .github/policies where there is only that",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the cases and print what differs. Raises `Problem` where there is no policy file."""
    style = style_for(sys.stdout)
    total = failed = unloaded = 0
    for file in policy_files(Path(args.path) if args.path else own_policies()):
        result = _run_file(file, style)
        if result is None:
            unloaded += 1
        else:
            total, failed = total + result[0], failed + result[1]
    print(_summary(total, failed, unloaded, style))
    return int(failed + unloaded > 0)


def _summary(total: int, failed: int, unloaded: int, style: Style) -> str:
    words = style(f"{failed} failed", "red", "bold") if failed else style("all passed", "green")
    said = [f"{_counted(total, 'case')}: {words}"] if total or not unloaded else []
    if unloaded:
        said.append(style(f"{_counted(unloaded, 'file')} could not be used", "red", "bold"))
    return ", ".join(said)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def own_policies() -> Path:
    """Where the policies of the current folder are: an organisation's checkout, or a repository."""
    here, below = Path("policies"), Path(".github/policies")
    return below if below.is_dir() and not here.is_dir() else here


def policy_files(path: Path) -> list[Path]:
    """The policy files of a folder, or the one file. Raises `Problem` where there are none."""
    files = [path] if path.is_file() else sorted(f for f in path.rglob("*.md") if f.name != "README.md")
    if not files:
        raise Problem(f"{path}: no policy files (policies/<group>/<bad-pattern>.md)")
    return files


def _run_file(file: Path, style: Style) -> tuple[int, int] | None:
    """How many cases the file has and how many went wrong; None where it cannot be used as a policy."""
    from policy_bot.policy import builtin, cases, policyfile
    from policy_bot.policy.yamltext import FileError
    from policy_bot.review.rehearsal import rehearse
    from policy_bot.sst.reading import read_project

    try:
        text = file.read_text(encoding="utf-8")
        policy = policyfile.parse(file.as_posix(), text)
        _refuse_a_second(policy, file)
    except FileError as error:
        for problem in error.problems:
            print(f"{style('error', 'red')} {safe(str(problem))}")
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file}: {error}") from None
    found = cases.read(text)
    outcomes = [rehearse(policy, case, read_project, builtin.load()) for case in found]
    wrong = [outcome for outcome in outcomes if not outcome.passed]
    state = style("FAIL", "red", "bold") if wrong else style("ok", "green")
    count = f"({_counted(len(found), 'case')})"
    print(f"{state} {policy.id} {style(count, 'dim')}")
    for outcome in wrong:
        for line in explained(file.as_posix(), policy, outcome, style):
            print(f"  {line}")
    return len(found), len(wrong)


def _refuse_a_second(policy: Policy, file: Path) -> None:
    """A built-in policy's name is taken, but in the source tree of the built-in ones. Raises `FileError`."""
    from policy_bot.policy import builtin
    from policy_bot.policy.yamltext import FileError, Place, Problem

    is_ours = any((above / "policy_bot/policy" / builtin.FILE).is_file() for above in file.resolve().parents)
    if not is_ours and any(policy.id == other.id for other in builtin.load()):
        what, mend = f"there is a built-in policy `{policy.id}` already", "Give yours another name."
        raise FileError([Problem(file.as_posix(), Place(1, 1), what, mend)])


def explained(file: str, policy: Policy, outcome: Outcome, style: Style) -> Iterator[str]:
    """What was expected of a case and what came, a line for each difference, in the words of the marks."""
    from policy_bot.review.rehearsal import stage_of

    case = outcome.case
    yield f"{file}:{case.line}: {style(safe(case.name), 'bold')}"
    if outcome.problem:
        yield f"  {safe(outcome.problem)}"
    for mark in outcome.missing:
        where = f"{case.line_in_policy(mark.path, mark.line)}"
        contexts = f" in {', '.join(mark.contexts)}" if mark.contexts else " in every context"
        words = f": {mark.message}" if mark.message else ""
        yield f"  {style('- expected', 'red')} line {where}: {mark.verdict}{contexts}{safe(words)}"
    for finding in outcome.unexpected:
        where = f"{case.line_in_policy(finding.span.path, finding.span.line)}"
        contexts = ", ".join(dict.fromkeys(map(stage_of, finding.contexts)))
        words = f"{finding.verdict} in {contexts}: {finding.message}"
        yield f"  {style('+ found', 'green')}    line {where}: {safe(words)}"
    for fix in outcome.fixes:
        for line in fix.split("\n"):
            yield f"  {safe(line)}"
