"""`policy-bot docs`: writes everything generated from the policy files, or checks that it is up to date."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem

if TYPE_CHECKING:
    from policy_bot.policy.policy import Policy

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "docs",
        help="generate the policy pages",
        description="Generates from the policy files of this source tree: docs/policies/, the JSON Schemas"
        " of settings and policy files in docs/, the tables in policies/README.md, and"
        " policy_bot/policy/builtin.json. Exit status of --check: 1 if a file is out of date.",
    )
    parser.add_argument(
        "--check", action="store_true", help="change nothing; list the files that are out of date"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes or names outdated files. Raises `Problem` outside a source tree and for invalid policies."""
    wanted = generated(Path("."))
    stale = [path for path, text in wanted.items() if not _is(path, text)]
    stale += [path for path in Path("docs/policies").rglob("*.md") if path not in wanted]
    for path in sorted(stale):
        print(f"{path} is stale" if args.check else path)
        if not args.check:
            _write(path, wanted.get(path))
    return int(args.check and bool(stale))


def generated(root: Path) -> dict[Path, str]:
    """Returns the text of every generated file of a source tree. Raises `Problem`."""
    from policy_bot.policy import builtin, compiled, editorschema, pages
    from policy_bot.policy.evidence import conditions

    policies = load(root / "policies")
    files = {root / "docs/policies" / f"{policy.id}.md": pages.page(policy) for policy in policies}
    guide = root / "policies/README.md"
    schemas = {"policy.schema.json": editorschema.policy_schema()}
    for layer, name in editorschema.FILES.items():
        schemas[name] = editorschema.settings_schema(layer, policies)
    files |= {root / "docs" / name: editorschema.as_text(schema) for name, schema in schemas.items()}
    return files | {
        root / "docs/policies/README.md": pages.index(policies),
        root / "policy_bot/policy" / builtin.FILE: builtin.dump(policies),
        root / "policy_bot/policy" / compiled.FILE: compiled.dump(
            {condition.key: condition.made() for condition in conditions(policies)}
        ),
        guide: pages.with_tables(guide.read_text(encoding="utf-8")),
    }


def load(folder: Path) -> list[Policy]:
    """Loads the policies of a folder, ordered by id. Raises `Problem` with all mistakes in them."""
    from policy_bot.cli.test_cmd import policy_files
    from policy_bot.policy.policyfile import parse
    from policy_bot.policy.yamltext import FileError

    policies, problems = [], []
    for file in policy_files(folder):
        try:
            policies.append(parse(file.as_posix(), file.read_text(encoding="utf-8"), strict=True))
        except FileError as error:
            problems.append(str(error))
    if problems:
        raise Problem("\n".join(problems))
    return sorted(policies, key=lambda policy: policy.id)


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _write(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink()
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"{path}: {(error.strerror or 'cannot be written').lower()}", file=sys.stderr)
