"""`policy-bot audit --org NAME`: checks every repository's default branch as the App would."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.cli.service import configured, github_problem, with_packages
from policy_bot.policy.message import counted

if TYPE_CHECKING:
    from policy_bot.service.audit import Audit, AuditedRepository

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

FORMATS = ("text", "json", "csv", "sarif")


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "audit",
        help="check every repository of an organisation",
        description="Checks the default branch of every repository that the App is installed on. Results "
        "are stored, so the next audit reads only what changed, and an interrupted audit "
        "resumes. Exit status: 0 nothing would block a merge, 1 something would, 2 not "
        "finished.",
    )
    parser.add_argument("--org", metavar="NAME", required=True, help="the organisation (or person)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--budget",
        type=int,
        metavar="N",
        default=4_000,
        help="maximum number of requests to GitHub (default 4000)",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="ignore stored results and read everything again"
    )
    parser.add_argument("--list", action="store_true", help="show each finding with its line and message")
    parser.add_argument("--state", metavar="FOLDER", help="where the SQLite database is (POLICY_BOT_STATE)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Runs the audit and prints its results. Raises `Problem`."""
    from policy_bot.cli.output import audit as output
    from policy_bot.cli.output import audit_text
    from policy_bot.cli.output.style import style_for
    from policy_bot.github.errors import Absent, Refused, RetryLater, Unreachable

    seen: list[AuditedRepository] = []
    why = ""
    with _audit(args) as audit:
        try:
            for each in audit.run(args.org):
                seen.append(each)
                _progress(each, len(seen), audit)
        except (Absent, Refused) as refusal:
            raise Problem(f"GitHub refuses the App access: {refusal}") from None
        except Unreachable as gone:
            why = gone.why
        except RetryLater as later:
            why = f"GitHub asks us to wait {later.seconds:.0f} s ({later.why})"
        today = audit.today
    if args.format == "text":
        print(audit_text.render(args.org, seen, today, style_for(sys.stdout), args.list), end="")
    else:
        print(output.RENDER[args.format](args.org, seen, today), end="")
    left = [each for each in seen if each.audited is None]
    if why or left:
        why = why or f"{len(left)} repositories are left: {left[0].why}"
        print(f"policy-bot: not finished: {why}. Run it again to continue.", file=sys.stderr)
        return 2
    return int(any(finding.gates for each in seen if each.audited for finding in each.audited.findings))


def _progress(seen: AuditedRepository, number: int, audit: Audit) -> None:
    if seen.asked:
        found = seen.audited
        what = counted(len(found.findings), "finding") if found and found.projects else seen.why or "no SST"
        print(f"{number:>5}  {seen.name}: {what} ({audit.client.spent} requests)", file=sys.stderr)


@contextmanager
def _audit(args: argparse.Namespace) -> Iterator[Audit]:
    """Runs an audit with the store, the reading process and the GitHub client that it needs."""
    from datetime import UTC, datetime

    from policy_bot.github import repositories
    from policy_bot.github.app import App, Identity
    from policy_bot.github.errors import Absent, Refused, RetryLater
    from policy_bot.isolation import Workers
    from policy_bot.policy import builtin
    from policy_bot.service import assembly
    from policy_bot.service.audit import Audit, context_of
    from policy_bot.service.evaluation.rules import RuleBook
    from policy_bot.service.settings import AuditSettings
    from policy_bot.service.store.revisions import StoredRevisions
    from policy_bot.service.store.store import Store

    settings = with_packages(configured(args, AuditSettings))
    app = App(Identity(settings.github_app_id, settings.private_key(), settings.github_api_url))
    try:
        installation = repositories.installation_of(app.itself(), args.org)
    except (Absent, Refused, RetryLater) as error:
        raise github_problem(error, settings.github_api_url) from None
    if installation is None:
        raise Problem(f"the App is not installed on {args.org}; install it, or check the name")
    today = datetime.now(UTC).date()
    client = app.client(installation)
    try:
        assembly.migrate(settings)
    except (assembly.DatabaseProblem, OSError) as error:
        raise Problem(f"the database cannot be used: {error}") from None
    with Workers(1) as reader:
        store = Store(settings.database())
        try:
            required = settings.policy_bot_organisation_required
            book = RuleBook(StoredRevisions(store), lambda: today, builtin.load, required)
            context = context_of(client, settings.github_app_id, book, reader)
            yield Audit(client, installation, context, store, today, args.budget, args.fresh)
        finally:
            store.close()
