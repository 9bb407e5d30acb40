"""`policy-bot test`: runs the cases of policy files."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli.boundary import root_of
from policy_bot.cli.output.style import Style, safe, style_for
from policy_bot.cli.problem import Problem
from policy_bot.policy.message import counted

if TYPE_CHECKING:
    from policy_bot.policy.policy import Policy
    from policy_bot.review.rehearsal import CaseOutcome

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "test",
        help="run the cases inside policy files",
        description="Judges every `ts` case of the policy files below PATH and shows where findings "
        "differ from the marks in the case. Exit status: 0 all cases pass, 1 some do not.",
    )
    parser.add_argument(
        "path",
        nargs="?",
        default=None,
        metavar="PATH",
        help="a policy file, its id or a folder; default: .github/policies in a project, policies elsewhere",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="also require `since` and a page with the fixed headings, as the built-in policies have",
    )
    parser.add_argument(
        "--on",
        metavar="PROJECTS",
        help="instead of the cases, show the verdict on every subject of the projects below this path",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the cases and prints the differences. Raises `Problem` if there is no policy file."""
    style = style_for(sys.stdout)
    files = policy_files(_chosen(args.path))
    if args.on is not None:
        return _on(files, args.on, style)
    total = failed = unloaded = 0
    for file in files:
        result = _run_file(file, style, args.strict)
        if result is None:
            unloaded += 1
        else:
            total, failed = total + result[0], failed + result[1]
    print(_summary(total, failed, unloaded, style))
    if any(map(is_uncompiled, files)):
        print(COMPILE)
    return int(failed + unloaded > 0)


def _on(files: list[Path], path: str, style: Style) -> int:
    from policy_bot.cli.playground import apply, checked

    loaded = [_load(file, style, strict=False) for file in files]
    policies = [each[0] for each in loaded if each is not None]
    if policies:
        apply(policies, checked(path))
    return int(len(policies) < len(files))


def _summary(total: int, failed: int, unloaded: int, style: Style) -> str:
    words = style(f"{failed} failed", "red", "bold") if failed else style("all passed", "green")
    said = [f"{counted(total, 'case')}: {words}"] if total or not unloaded else []
    if unloaded:
        said.append(style(f"{counted(unloaded, 'file')} could not be used", "red", "bold"))
    return ", ".join(said)


def _chosen(path: str | None) -> Path:
    """The file or folder that is meant by PATH, which may be the id of a policy."""
    if path is None:
        return own_policies()
    file = own_policies() / f"{path}.md"
    return file if file.is_file() and not Path(path).exists() else Path(path)


def own_policies() -> Path:
    """Folders with policies, as `check` reads them: `policies` in an organisation's checkout and in this
    package's source tree, `.github/policies` in other repositories, at the root.
    """
    root = Path(os.path.relpath(root_of(".")))
    here, below = root / "policies", root / ".github/policies"
    if (root / "policy-bot.yml").is_file() or root.resolve().name == ".github":
        return here
    is_project = any(root.glob("sst.config.*")) or any(Path().glob("sst.config.*"))
    return below if is_project or (below.is_dir() and not here.is_dir()) else here


def policy_files(path: Path) -> list[Path]:
    """The policy files of a folder, or the one file. Raises `Problem` if there are none."""
    files = [path] if path.is_file() else sorted(f for f in path.rglob("*.md") if f.name != "README.md")
    if not files:
        raise Problem(f"{path}: no policy files (policies/<group>/<bad-pattern>.md)")
    return files


def _load(file: Path, style: Style, strict: bool) -> tuple[Policy, str] | None:
    """A file's policy and text; None, with the mistakes printed, if it is invalid."""
    from policy_bot.policy import policyfile
    from policy_bot.policy.yamltext import FileError

    try:
        text = file.read_text(encoding="utf-8")
        policy = policyfile.parse(file.as_posix(), text, strict=strict)
        _refuse_a_second(policy, file)
    except FileError as error:
        for problem in error.problems:
            print(f"{style('error', 'red')} {safe(str(problem))}")
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"{file}: {error}") from None
    return policy, text


def _run_file(file: Path, style: Style, strict: bool) -> tuple[int, int] | None:
    """Number of cases and of failed cases; None if the file is not a valid policy."""
    from policy_bot.policy import builtin, cases
    from policy_bot.review.rehearsal import rehearse
    from policy_bot.sst.reading import read_project

    loaded = _load(file, style, strict)
    if loaded is None:
        return None
    policy, text = loaded
    found = cases.read(text)
    if obstacles := list(_obstacles(text, not found)):
        print(f"{style('FAIL', 'red', 'bold')} {policy.id}")
        for line_number, what in obstacles:
            print(f"  {file.as_posix()}:{line_number}: {safe(what)}")
        return len(found), max(1, len(found))
    outcomes = [rehearse(policy, case, read_project, builtin.load()) for case in found]
    wrong = [outcome for outcome in outcomes if not outcome.passed]
    state = style("FAIL", "red", "bold") if wrong else style("ok", "green")
    count = f"({counted(len(found), 'case')})"
    print(f"{state} {policy.id} {style(count, 'dim')}")
    for outcome in wrong:
        for line in explained(file.as_posix(), policy, outcome, style):
            print(f"  {line}")
    return len(found), len(wrong)


def _obstacles(text: str, bare: bool) -> Iterator[tuple[int, str]]:
    """Line and text of whatever keeps a file's cases from running as their author means them."""
    from policy_bot.policy import cases

    for line, language, meant in cases.foreign(text):
        yield line, f"a block of `{language}` is not a case: write ` ```{meant} `"
    if bare:
        yield (
            1,
            "the policy has no case: add a `ts` block with `// fail` on the line of the finding",
        )


def _refuse_a_second(policy: Policy, file: Path) -> None:
    """Raises `FileError` if a policy has the name of a built-in one, except in their own source tree."""
    from policy_bot.policy import builtin
    from policy_bot.policy.yamltext import FileError, Mistake, YamlPlace

    if _source_tree(file) is None and any(policy.id == other.id for other in builtin.load()):
        what, hint = f"there is a built-in policy `{policy.id}` already", "Give yours another name."
        raise FileError([Mistake(file.as_posix(), YamlPlace(1, 1), what, hint)])


COMPILE = (
    "`check` does not know a new policy until `policy-bot docs` has compiled it into the package and written"
    " its page and the schemas; commit what it changes."
)


def is_uncompiled(file: Path) -> bool:
    """Whether a file is to be a built-in policy that `policy-bot docs` has not compiled yet."""
    from policy_bot.policy import builtin

    root = _source_tree(file)
    if root is None or not file.resolve().is_relative_to(root / "policies"):
        return False
    name = file.resolve().relative_to(root / "policies").with_suffix("").as_posix()
    return all(policy.id != name for policy in builtin.load())


def _source_tree(file: Path) -> Path | None:
    """The source tree of this package that a file is in, whose policies are the built-in ones."""
    from policy_bot.policy import builtin

    parents = file.resolve().parents
    return next((each for each in parents if (each / "policy_bot/policy" / builtin.FILE).is_file()), None)


def explained(file: str, policy: Policy, outcome: CaseOutcome, style: Style) -> Iterator[str]:
    """The differences between expected and actual findings, a line each, in the words of the marks."""
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
