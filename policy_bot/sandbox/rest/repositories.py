"""A repository: its properties, trees and blobs, and the rules of its branches."""

from __future__ import annotations

import base64

from policy_bot.sandbox.problem import not_found
from policy_bot.sandbox.rest.route import ApiCall, Rows, operation
from policy_bot.sandbox.shapes import Json
from policy_bot.sandbox.state import Repository


@operation("GET", "/repos/{owner}/{repo}", "metadata:read")
def repository(call: ApiCall) -> object:
    """The repository."""
    return call.sandbox.shapes.full_repository(call.repository)


@operation("GET", "/repos/{owner}/{repo}/git/trees/{tree_sha}", "contents:read")
def tree(call: ApiCall, tree_sha: str) -> object:
    """A tree by its id or a commit's; `recursive` lists everything below, up to GitHub's limit."""
    store, own = call.repository.store, call.sandbox.shapes.repository_url(call.repository)
    sha = tree_sha if tree_sha in store.folders else call.world.commit(call.repository, tree_sha).tree
    recursive = bool(call.request.query.get("recursive"))
    rows = store.below(sha) if recursive else list(store.folders[sha].items())
    shown = rows[: call.sandbox.longest_tree]
    entries = []
    for path, entry in shown:
        row: Json = {"path": path, "mode": entry.mode, "type": entry.type, "sha": entry.sha}
        if entry.type == "blob":
            row["size"] = len(store.text(entry))
        if entry.type != "commit":
            row["url"] = f"{own}/git/{entry.type}s/{entry.sha}"
        entries.append(row)
    return {"sha": sha, "url": f"{own}/git/trees/{sha}", "tree": entries, "truncated": len(shown) < len(rows)}


@operation("GET", "/repos/{owner}/{repo}/git/blobs/{file_sha}", "contents:read")
def blob(call: ApiCall, file_sha: str) -> object:
    """A file's bytes by id."""
    data = call.repository.store.blobs.get(file_sha)
    if data is None:
        raise not_found()
    return {
        "sha": file_sha,
        "node_id": f"B_kwDO{file_sha}",
        "size": len(data),
        "url": f"{call.sandbox.shapes.repository_url(call.repository)}/git/blobs/{file_sha}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


@operation("GET", "/repos/{owner}/{repo}/rules/branches/{branch}", "metadata:read")
def rules(call: ApiCall, branch: str) -> object:
    """The rules of a branch."""
    if branch not in call.repository.branches:
        raise not_found()
    return Rows(_rules(call.repository))


def _rules(repository: Repository) -> list[Json]:
    checks: list[Json] = []
    for required in repository.required:
        check: Json = {"context": required.name}
        if required.app is not None:
            check["integration_id"] = required.app
        checks.append(check)
    if not checks:
        return []
    parameters = {"required_status_checks": checks, "strict_required_status_checks_policy": False}
    source = {
        "ruleset_source_type": "Repository",
        "ruleset_source": repository.full_name,
        "ruleset_id": repository.id,
    }
    return [{"type": "required_status_checks", "parameters": parameters, **source}]
