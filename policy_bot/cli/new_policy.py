"""`policy-bot new-policy`: writes a policy file to start from, which passes its own cases."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

from policy_bot.cli.problem import Problem
from policy_bot.cli.test_cmd import COMPILE, is_uncompiled, own_policies

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)+")

TEMPLATE = """\
---
# An example about timeouts: replace it with your rule. `policy-bot facts` lists the facts that it can use.
title: "{title}"
severity: warning
since: 0.1.0
parameters:
  most:
    type: int
    default: 60
    tighter: lower
    doc: Greatest timeout of a function, in seconds.
subject: function
when: timeout_error == ""
require: timeout <= parameters.most
at: timeout
message: "`{{name}}` may run {{timeout:duration}}; at most {{parameters.most}} seconds."
fix:
  title: Write {{parameters.most}} seconds
  set: {{timeout: '"{{parameters.most}} seconds"'}}
---

## What it does

Say in one sentence what is found.

## Why it is bad

Say what goes wrong, for whom, and when.

## Example

```ts
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: "5 minutes", // fail
}})
```

## Use instead

```ts
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: "1 minute",
}})
```

## Options

- `most` (60): greatest timeout of a function, in seconds.

## Fix

Writes the greatest timeout that is allowed.

## References

- Link what proves it: an issue, a release, a source file.

## Cases

### The fix

```ts
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: "5 minutes", // fail
}})
```

```ts fixed
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: "60 seconds",
}})
```

### Nobody can know

```ts
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: process.env.T, // unknown
}})
```

### Per stage

```ts
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: $dev ? "1 minute" : "5 minutes", // fail in production
}})
```

### Across files

```ts infra/limits.ts
export const limit = "5 minutes"
```

```ts
const {{ limit }} = await import("./infra/limits")
new sst.aws.Function("Report", {{
  handler: "report.handler",
  timeout: limit, // fail
}})
```
"""


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = subparsers.add_parser(
        "new-policy",
        help="create a policy file from a template",
        description="Writes DIR/ID.md, a policy that passes its own cases (`policy-bot test`), for you to"
        " adapt.",
    )
    parser.add_argument("id", metavar="ID", help="group and bad pattern, e.g. timeout/too-long")
    parser.add_argument(
        "--dir", help="folder of the policies; default: .github/policies in a project, policies elsewhere"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the file and prints its path. Raises `Problem` if the id is invalid or taken."""
    if not _ID.fullmatch(args.id):
        raise Problem(f"{args.id}: an id looks like timeout/too-long (group/bad-pattern, lower case)")
    _refuse_a_second(args.id)
    file = Path(args.dir or own_policies(), f"{args.id}.md")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            written.write(TEMPLATE.format(title=_title(args.id)))
    except FileExistsError:
        raise Problem(f"{file} exists already") from None
    except OSError as error:
        raise Problem(f"{file}: {(error.strerror or 'cannot be written').lower()}") from None
    print(f"{file}: an example about timeouts. Replace it with your rule and cases, then run")
    print(f"policy-bot test {file}")
    if is_uncompiled(file):
        print(COMPILE)
    elif _is_in_a_built_in_group(args.id):
        group = args.id.partition("/")[0]
        print(
            f"Editors will reject the id: the published schema allows only built-in policies in `{group}`."
            " Use a group of your own, such as acme/..."
        )
    return 0


def _refuse_a_second(name: str) -> None:
    from policy_bot.policy import builtin

    if any(policy.id == name for policy in builtin.load()):
        raise Problem(f"there is a built-in policy {name} already: give yours another name")


def _is_in_a_built_in_group(name: str) -> bool:
    from policy_bot.policy import builtin

    return name.partition("/")[0] in {policy.id.partition("/")[0] for policy in builtin.load()}


def _title(name: str) -> str:
    group, _, pattern = name.replace("-", " ").partition("/")
    return f"{group.capitalize()}: {pattern}"
