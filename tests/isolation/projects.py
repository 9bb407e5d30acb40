"""Small projects for the readers: a config that imports the files next to it, one function in each."""

from __future__ import annotations

from policy_bot.sst.deployment import Project
from policy_bot.sst.source import MemoryTree

CONFIG = """\
export default $config({{
  app: () => ({{ name: "shop", home: "aws" }}),
  async run() {{
    {imports}
    new sst.aws.Function("Own", {{ handler: "a.b", timeout: "1 minute" }});
  }},
}});
"""
GOOD = b'new sst.aws.Function("Good", { handler: "a.b", timeout: "2 minutes" });\n'


def project(**modules: bytes) -> MemoryTree:
    """A config that imports these modules, in order."""
    imports = "\n    ".join(f'await import("./{name}");' for name in modules)
    files = {f"{name}.ts": content for name, content in modules.items()}
    return MemoryTree({"sst.config.ts": CONFIG.format(imports=imports).encode(), **files})


def functions(found: Project) -> list[str]:
    """Names and timeouts of the first context's functions."""
    return sorted(
        f"{function.name.value} {timeout.value}"
        for function in found.contexts[0].functions
        if (timeout := function.effective["timeout_seconds"])
    )


def reasons(found: Project) -> set[str]:
    """Every blind spot, as file and reason."""
    if found.unreadable is not None:
        return {f"{found.unreadable.span.path}: {found.unreadable.reason!s}"}
    return {
        f"{hidden.span.path}: {hidden.reason!s}" for context in found.contexts for hidden in context.unknown
    }
