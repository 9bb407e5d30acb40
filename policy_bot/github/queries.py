"""All GraphQL documents that we send.

Paths and ids are variables, never part of the text. Fields are those of GitHub's public schema
(`@octokit/graphql-schema` 15.26.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Request(NamedTuple):
    """A GraphQL document and its variables."""

    text: str
    variables: Mapping[str, object]


_BLOB = "fragment Content on Blob { oid byteSize isBinary isTruncated text }"
_ENTRY = "fragment Entry on TreeEntry { name type mode oid size }"
# A folder with its files' contents, one level deep: the usual form of `infra/`.
_FOLDER = """fragment Folder on Tree {
  oid
  entries {
    ...Entry
    object { ...Content ... on Tree { oid entries { ...Entry object { ...Content } } } }
  }
}"""
# Names only, three levels deep: enough to see `apps/web/sst.config.ts` without a second request.
_NAMES = """fragment Names on Tree {
  oid
  entries {
    ...Entry
    object { ... on Tree { oid entries { ...Entry object { ... on Tree { oid entries { ...Entry } } } } } }
  }
}"""
# Which open pull requests share a head. The commit's `associatedPullRequests` omits those from forks, and
# open ones whose commit is already on the default branch.
_OPEN = """open: pullRequests(states: OPEN, first: 100, orderBy: {field: UPDATED_AT, direction: DESC}) {
      totalCount nodes { number headRefOid baseRefName isCrossRepository }
    }"""
_CHECKS = """checkSuites(first: 10, filterBy: {appId: $app}) { nodes {
      status
      checkRuns(first: 100, filterBy: {checkName: $check, checkType: ALL}) { nodes {
        resourcePath externalId status conclusion
      } }
    } }"""
THREADS, FEW_THREADS = 100, 20
"""How many review threads one query includes, and how many if the answer is too large with those: anyone may
write 64 Ki characters into each of two comments.
"""
_PULL = f"""
      number title state isDraft isCrossRepository mergeable headRefOid baseRefName baseRefOid changedFiles
      baseRef {{ target {{ ...Base }} }}
      potentialMergeCommit {{ ...Merge parents(first: 2) {{ nodes {{ oid }} }} }}
      files(first: 100) {{ nodes {{ path changeType }} }}
      commits(last: 1) {{ nodes {{ commit {{
        ...Head
        {_CHECKS}
      }} }} }}
      reviewThreads(first: $threads) {{ nodes {{
        isOutdated path line startLine
        comments(first: 2) {{ totalCount nodes {{ id viewerDidAuthor body }} }}
      }} pageInfo {{ hasNextPage endCursor }} }}"""

# The organisation's own policy is in its `.github` repository; often there is none (an expected error).
ORGANISATION = "organisation"
_ORGANISATION = """
  organisation: repository(owner: $owner, name: ".github") {
    databaseId
    defaultBranchRef { target { ... on Commit {
      oid tree { oid entries { ...Entry } }
      settings: file(path: "policy-bot.yml") { ...Entry object { ...Content } }
      policies: file(path: "policies") { ...Entry object { ...Folder } }
    } } }
  }"""
_SETTINGS = 'settings: file(path: ".github/policy-bot.yml") { ...Entry object { ...Content } }'
_ABOUT = f"""databaseId nameWithOwner isArchived visibility
    repositoryTopics(first: 30) {{ nodes {{ topic {{ name }} }} }}
    defaultBranchRef {{ name target {{ ... on Commit {{ oid tree {{ oid entries {{ ...Entry }} }}
      {_SETTINGS} }} }} }}
    {_OPEN}"""


def pull(owner: str, name: str, number: int, app: int, check: str, wanted: Wanted) -> Request:
    """Everything about one pull request in one query: its state, our check and comments, and the likely
    files. Without any wanted, only the root folder and few comments are listed: this query asks for least.
    """
    paths = list(wanted.texts) + list(wanted.folders)
    names = {f"p{i}": path for i, path in enumerate(paths)}
    texts = [f"p{i}" for i in range(len(wanted.texts))]
    folders = [f"p{i}" for i in range(len(wanted.texts), len(paths))]
    light = [v for v, path in zip(texts, wanted.texts, strict=True) if path not in wanted.heavy]
    declared = "".join(f", ${v}: String!" for v in names)
    listed = "...Names" if paths else "oid entries { ...Entry }"
    text = f"""query Look($owner: String!, $name: String!, $number: Int!, $app: Int!, $check:
    String!, $threads: Int!{declared}) {{ repository(owner: $owner, name: $name) {{
    {_ABOUT}
    pullRequest(number: $number) {{{_PULL}
    }}
  }}{_ORGANISATION}
}}
fragment Head on Commit {{ oid tree {{ oid entries {{ ...Entry }} }} {_with_text(texts, folders)} }}
fragment Merge on Commit {{ oid tree {{ {listed} }} {_without_text(texts, folders)} }}
fragment Base on Commit {{ oid tree {{ {listed} }} {_with_text(light, folders)}
  {_SETTINGS} }}
{_BLOB}
{_ENTRY}
{_FOLDER}
{_NAMES if paths else ""}"""
    variables = {"owner": owner, "name": name, "number": number, "app": app, "check": check, **names}
    return Request(text, {**variables, "threads": THREADS if paths else FEW_THREADS})


def head(owner: str, name: str, number: int, app: int, check: str) -> Request:
    """Only the head of a pull request and our check on it."""
    text = f"""query Head($owner: String!, $name: String!, $number: Int!, $app: Int!, $check: String!) {{
  repository(owner: $owner, name: $name) {{ databaseId nameWithOwner pullRequest(number: $number) {{
    state headRefOid commits(last: 1) {{ nodes {{ commit {{ oid {_CHECKS} }} }} }}
  }} }}
}}"""
    return Request(text, {"owner": owner, "name": name, "number": number, "app": app, "check": check})


class Wanted(NamedTuple):
    """The paths that the query includes: files, those of them too large to include for the base too, and
    folders.
    """

    texts: Sequence[str]
    heavy: frozenset[str]
    folders: Sequence[str]


def _with_text(files: Sequence[str], folders: Sequence[str]) -> str:
    """The aliases of wanted paths, with contents."""
    of_files = [f"{v}: file(path: ${v}) {{ path ...Entry object {{ ...Content }} }}" for v in files]
    of_folders = [f"{v}: file(path: ${v}) {{ path ...Entry object {{ ...Folder }} }}" for v in folders]
    return " ".join(of_files + of_folders)


def _without_text(files: Sequence[str], folders: Sequence[str]) -> str:
    """The same aliases, with names and ids only: the contents are nearly always those of the head or the
    base.
    """
    of_files = [f"{v}: file(path: ${v}) {{ path ...Entry }}" for v in files]
    of_folders = [f"{v}: file(path: ${v}) {{ path ...Entry object {{ ...Names }} }}" for v in folders]
    return " ".join(of_files + of_folders)


def objects(owner: str, name: str, expressions: Sequence[str]) -> Request:
    """Blobs with their text, trees with their names: by object id or `<id>:<path>`; with aliases o0, o1, ...
    in order.
    """
    variables = {f"e{i}": expression for i, expression in enumerate(expressions)}
    declared = "".join(f", ${v}: String!" for v in variables)
    asked = "\n    ".join(
        f"o{i}: object(expression: $e{i}) {{ oid ...Content ...Names }}" for i in range(len(expressions))
    )
    text = f"""query Objects($owner: String!, $name: String!{declared}) {{
  repository(owner: $owner, name: $name) {{
    {asked}
  }}
}}
{_BLOB}
{_ENTRY}
{_NAMES}"""
    return Request(text, {"owner": owner, "name": name, **variables})


def commit(owner: str, name: str, expression: str, target: str, app: int, check: str) -> Request:
    """A commit outside a pull request (merge group, default branch): its tree, our check run, and the tree of
    its base.
    """
    text = f"""query Commit(
  $owner: String!, $name: String!, $expression: String!, $target: String!, $app: Int!, $check: String!
) {{
  repository(owner: $owner, name: $name) {{
    {_ABOUT}
    base: object(expression: $target) {{ ... on Commit {{ oid tree {{ ...Names }}
      {_SETTINGS} }} }}
    object(expression: $expression) {{ ... on Commit {{
      oid tree {{ ...Names }}
      {_CHECKS}
    }} }}
  }}{_ORGANISATION}
}}
{_BLOB}
{_ENTRY}
{_FOLDER}
{_NAMES}"""
    variables = {
        "owner": owner,
        "name": name,
        "expression": expression,
        "target": target,
        "app": app,
        "check": check,
    }
    return Request(text, variables)


def threads(owner: str, name: str, number: int, after: str, first: int) -> Request:
    """The review threads beyond those of the first query."""
    text = """query Threads($owner: String!, $name: String!, $number: Int!, $after: String!, $first: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) {
    reviewThreads(first: $first, after: $after) { nodes {
      isOutdated path line startLine
      comments(first: 2) { totalCount nodes { id viewerDidAuthor body } }
    } pageInfo { hasNextPage endCursor } }
  } }
}"""
    return Request(text, {"owner": owner, "name": name, "number": number, "after": after, "first": first})


def tidy(deletions: Sequence[str], edits: Sequence[tuple[str, str]]) -> Request:
    """Removes and edits comments in one mutation, by node id."""
    variables: dict[str, object] = {f"d{i}": node for i, node in enumerate(deletions)}
    variables |= {f"u{i}": node for i, (node, _) in enumerate(edits)}
    variables |= {f"b{i}": body for i, (_, body) in enumerate(edits)}
    declared = ", ".join(f"${v}: {'String' if v[0] == 'b' else 'ID'}!" for v in variables)
    removed = [
        f"d{i}: deletePullRequestReviewComment(input: {{id: $d{i}}}) {{ clientMutationId }}"
        for i in range(len(deletions))
    ]
    worded = [
        f"u{i}: updatePullRequestReviewComment(input: {{pullRequestReviewCommentId: $u{i}, body: $b{i}}})"
        " { clientMutationId }"
        for i in range(len(edits))
    ]
    return Request(f"mutation Tidy({declared}) {{\n  " + "\n  ".join(removed + worded) + "\n}", variables)


def policies(repositories: Sequence[str]) -> Request:
    """The names and object ids of policy files: of several repositories of one owner, given by full name
    (aliases r0, r1, ... in order), and of the organisation.
    """
    owner = repositories[0].split("/", 1)[0]
    variables = {f"n{i}": full.split("/", 1)[1] for i, full in enumerate(repositories)}
    declared = "".join(f", ${name}: String!" for name in variables)
    asked = "\n  ".join(
        f"r{i}: repository(owner: $owner, name: $n{i}) {{ databaseId"
        " defaultBranchRef { target { ... on Commit {"
        ' folder: file(path: ".github") { object { ... on Tree { entries { name oid } } } } } } } }'
        for i in range(len(repositories))
    )
    text = f"""query Policies($owner: String!{declared}) {{
  {asked}
  {ORGANISATION}: repository(owner: $owner, name: ".github") {{ defaultBranchRef {{ target {{ ... on Commit {{
    tree {{ entries {{ name oid }} }} }} }} }} }}
}}"""
    return Request(text, {"owner": owner, **variables})


def heads(repositories: Sequence[str]) -> Request:
    """The tip of the default branch of several repositories, given by full name; with aliases r0, r1, ... in
    order.
    """
    parts = [(f"o{i}", f"n{i}", *full.split("/", 1)) for i, full in enumerate(repositories)]
    declared = ", ".join(f"${owner}: String!, ${name}: String!" for owner, name, _, _ in parts)
    asked = "\n  ".join(
        f"r{i}: repository(owner: ${owner}, name: ${name})"
        " { databaseId defaultBranchRef { target { oid } } }"
        for i, (owner, name, _, _) in enumerate(parts)
    )
    variables = {key: value for owner, name, of, is_ in parts for key, value in ((owner, of), (name, is_))}
    return Request(f"query Heads({declared}) {{\n  {asked}\n}}", variables)
