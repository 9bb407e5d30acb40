"""A repository's files, folders, trees, blobs, commits and branches; its rulesets and commit statuses."""

from __future__ import annotations

import base64
from urllib.parse import quote

from policy_bot.sandbox.content import TreeObject
from policy_bot.sandbox.problem import ApiProblem, invalid, not_found
from policy_bot.sandbox.rest.route import RAW, ApiCall, Reply, Rows, operation
from policy_bot.sandbox.shapes import BEGINNING, Json
from policy_bot.sandbox.state import Repository

LARGEST_JSON = 1_000_000  # maximum bytes in base64; larger files, up to 100 MB, only raw
LONGEST_FOLDER = 1_000


@operation("GET", "/repos/{owner}/{repo}", "metadata:read")
def repository(call: ApiCall) -> object:
    """The repository."""
    return call.sandbox.shapes.full_repository(call.repository)


@operation("GET", "/repos/{owner}/{repo}/contents/{path}", "contents:read")
def contents(call: ApiCall, path: str) -> object:
    """A file (JSON with base64, or raw) or a folder."""
    commit = call.world.commit(call.repository, call.request.query.get("ref", "HEAD"))
    path = path.strip("/")
    store = call.repository.store
    entry = store.at(commit.tree, path)
    if entry is None:
        raise not_found()
    if entry.type == "tree":
        names = list(store.folders[entry.sha].items())[:LONGEST_FOLDER]
        return [_content(call, f"{path}/{name}".strip("/"), inner, commit.sha) for name, inner in names]
    data = store.text(entry)
    if RAW in call.request.headers.get("Accept", ""):
        return Reply(200, data, {"Content-Type": f"{RAW}; charset=utf-8"})
    shape = _content(call, path, entry, commit.sha)
    if entry.mode == "120000":
        return {**shape, "target": data.decode()}
    if entry.type == "commit":
        return {**shape, "submodule_git_url": "git://example.com/submodule.git"}
    if len(data) > LARGEST_JSON:
        return {**shape, "content": "", "encoding": "none"}
    return {**shape, "content": base64.encodebytes(data).decode(), "encoding": "base64"}


@operation("GET", "/repos/{owner}/{repo}/contents/", "contents:read")
def root(call: ApiCall) -> object:
    """The root folder."""
    return contents(call, "")


def _content(call: ApiCall, path: str, entry: TreeObject, sha: str) -> Json:
    own = call.sandbox.shapes.repository_url(call.repository)
    page = f"{call.sandbox.url}/{call.repository.full_name}"
    url = f"{own}/contents/{quote(path)}?ref={sha}"
    kind = {"tree": "dir", "commit": "submodule", "blob": "file"}[entry.type]
    git = f"{own}/git/{entry.type}s/{entry.sha}"
    html = f"{page}/{entry.type}/{sha}/{quote(path)}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": entry.sha,
        "size": len(call.repository.store.text(entry)),
        "type": "symlink" if entry.mode == "120000" else kind,
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": f"{page}/raw/{sha}/{quote(path)}" if entry.type == "blob" else None,
        "_links": {"self": url, "git": git, "html": html},
    }


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
    if RAW in call.request.headers.get("Accept", ""):
        return Reply(200, data, {"Content-Type": f"{RAW}; charset=utf-8"})
    return {
        "sha": file_sha,
        "node_id": f"B_kwDO{file_sha}",
        "size": len(data),
        "url": f"{call.sandbox.shapes.repository_url(call.repository)}/git/blobs/{file_sha}",
        "content": base64.encodebytes(data).decode(),
        "encoding": "base64",
    }


@operation("GET", "/repos/{owner}/{repo}/commits/{ref}", "contents:read")
def commit(call: ApiCall, ref: str) -> object:
    """A commit by id, branch or pull request's ref."""
    try:
        found = call.world.commit(call.repository, ref)
    except ApiProblem:
        raise invalid(f"No commit found for SHA: {ref}") from None
    return call.sandbox.shapes.commit(call.repository, found)


@operation("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", "pull_requests:read")
def pulls_of_commit(call: ApiCall, commit_sha: str) -> object:
    """The pull requests that have the commit as head."""
    pulls = [pull for pull in call.repository.pulls.values() if pull.head_sha == commit_sha]
    return Rows([call.views.pull_simple(pull) for pull in pulls])


@operation("GET", "/repos/{owner}/{repo}/branches/{branch}", "contents:read")
def branch(call: ApiCall, branch: str) -> object:
    """A branch."""
    if branch not in call.repository.branches:
        raise ApiProblem(404, "Branch not found")
    found = call.repository.store.commits[call.repository.branches[branch]]
    own = f"{call.sandbox.shapes.repository_url(call.repository)}/branches/{branch}"
    return {
        "name": branch,
        "commit": call.sandbox.shapes.commit(call.repository, found),
        "_links": {"self": own, "html": f"{call.sandbox.url}/{call.repository.full_name}/tree/{branch}"},
        "protected": bool(call.repository.required),
        "protection": {"enabled": bool(call.repository.required)},
        "protection_url": f"{own}/protection",
    }


@operation("GET", "/repos/{owner}/{repo}/git/ref/{ref}", "contents:read")
def reference(call: ApiCall, ref: str) -> object:
    """A branch as a git reference."""
    name = ref.removeprefix("heads/")
    if name not in call.repository.branches:
        raise not_found()
    own, sha = call.sandbox.shapes.repository_url(call.repository), call.repository.branches[name]
    target = {"type": "commit", "sha": sha, "url": f"{own}/git/commits/{sha}"}
    return {
        "ref": f"refs/heads/{name}",
        "node_id": f"REF_{sha}",
        "url": f"{own}/git/refs/heads/{name}",
        "object": target,
    }


@operation("POST", "/repos/{owner}/{repo}/statuses/{sha}", "statuses:write")
def status(call: ApiCall, sha: str) -> object:
    """Creates a commit status. The product makes none, which tests check."""
    (state,) = call.required("state")
    context = call.body.get("context", "default")
    call.repository.statuses.append((sha, context, state))
    own = call.sandbox.shapes.repository_url(call.repository)
    return Reply(
        201,
        {
            "url": f"{own}/statuses/{sha}",
            "avatar_url": None,
            "id": call.world.new_id(),
            "node_id": "SC_1",
            "state": state,
            "description": call.body.get("description"),
            "target_url": call.body.get("target_url"),
            "context": context,
            "created_at": BEGINNING,
            "updated_at": BEGINNING,
            "creator": call.sandbox.shapes.user(call.world.bot),
        },
    )


@operation("GET", "/repos/{owner}/{repo}/rules/branches/{branch}", "metadata:read")
def rules(call: ApiCall, branch: str) -> object:
    """The rules of a branch."""
    if branch not in call.repository.branches:
        raise not_found()
    return Rows(_rules(call.repository))


@operation("GET", "/repos/{owner}/{repo}/rulesets", "metadata:read")
def rulesets(call: ApiCall) -> object:
    """The repository's rulesets: one if anything is required."""
    if not call.repository.required:
        return Rows([])
    return Rows([_ruleset(call.repository)])


@operation("GET", "/repos/{owner}/{repo}/rulesets/{ruleset_id}", "metadata:read")
def ruleset(call: ApiCall, ruleset_id: int) -> object:
    """One ruleset with its rules."""
    if not call.repository.required or ruleset_id != call.repository.id:
        raise not_found()
    bare = [{"type": rule["type"], "parameters": rule["parameters"]} for rule in _rules(call.repository)]
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    return {**_ruleset(call.repository), "rules": bare, "conditions": conditions, "bypass_actors": []}


def _ruleset(repository: Repository) -> Json:
    return {
        "id": repository.id,
        "name": "Merging into main",
        "target": "branch",
        "source_type": "Repository",
        "source": repository.full_name,
        "enforcement": "active",
        "node_id": f"RRS_{repository.id}",
        "created_at": BEGINNING,
        "updated_at": BEGINNING,
    }


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
