import base64

import pytest
from github import Github, GithubException, UnknownObjectException

from policy_bot.sandbox.content import Submodule, Symlink
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository


def test_a_pull_request_has_its_files_and_its_test_merge(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    pull = sandbox.open_pull(shop, {"sst.config.ts": "new\n", "infra/api.ts": None, "README.md": "# Hi\n"})
    found = client.get_repo("acme/shop").get_pull(1)
    assert {(file.filename, file.status) for file in found.get_files()} == {
        ("README.md", "added"),
        ("infra/api.ts", "removed"),
        ("sst.config.ts", "modified"),
    }
    assert (found.head.sha, found.changed_files, found.mergeable, found.mergeable_state) == (
        pull.head_sha, 3, True, "clean",
    )  # fmt: skip
    merge = client.get_repo("acme/shop").get_commit(found.merge_commit_sha)
    assert [parent.sha for parent in merge.parents] == [shop.branches["main"], pull.head_sha]


def test_a_pull_request_that_conflicts_has_no_test_merge(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.open_pull(shop, {"sst.config.ts": "one\n"})
    sandbox.push_branch(shop, "main", {"sst.config.ts": "other\n"})
    found = client.get_repo("acme/shop").get_pull(1)
    assert (found.mergeable, found.mergeable_state, found.merge_commit_sha) == (False, "dirty", None)


def test_a_forks_head_is_read_through_the_base(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    fork = sandbox.fork(shop, "eve")
    pull = sandbox.open_pull(shop, {"sst.config.ts": "hers\n"}, source=fork, by="eve")
    repository = client.get_repo("acme/shop")
    assert repository.get_contents("sst.config.ts", pull.head_sha).decoded_content == b"hers\n"
    sandbox.delete_repository(fork)
    found = repository.get_pull(1)
    assert found.head.repo is None
    assert found.head.sha == pull.head_sha
    with pytest.raises(UnknownObjectException):
        client.get_repo("eve/shop").get_contents("sst.config.ts")


def test_lists_come_in_pages(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.open_pull(shop, {f"file{number:03}.ts": "1\n" for number in range(75)})
    names = [file.filename for file in client.get_repo("acme/shop").get_pull(1).get_files()]
    assert names == sorted(names)
    assert len(names) == 75
    assert [request.query.get("page") for request in sandbox.requests if request.path.endswith("/files")] == [
        None, "2", "3",
    ]  # fmt: skip


def test_no_more_than_3000_files_are_listed(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.open_pull(shop, {f"f{number}": "1\n" for number in range(3_010)})
    client.per_page = 100
    pull = client.get_repo("acme/shop").get_pull(1)
    assert pull.changed_files == 3_010
    assert len(list(pull.get_files())) == 3_000


def test_contents(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    big = "x" * 1_000_001
    odd = {"big.ts": big, "link.ts": Symlink("sst.config.ts"), "vendor": Submodule("a" * 40)}
    head = sandbox.push_branch(shop, "main", odd)
    repository = client.get_repo("acme/shop")
    folder = {file.name: file.type for file in repository.get_contents("", head)}
    assert folder == {
        "big.ts": "file",
        "infra": "dir",
        "link.ts": "symlink",
        "sst.config.ts": "file",
        "vendor": "submodule",
    }
    assert repository.get_contents("big.ts").encoding == "none"
    assert repository.get_contents("link.ts").target == "sst.config.ts"
    with pytest.raises(UnknownObjectException):
        repository.get_contents("none.ts")


def test_trees_and_blobs(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    repository = client.get_repo("acme/shop")
    tree = repository.get_git_tree(shop.branches["main"], recursive=True)
    assert [(entry.path, entry.type) for entry in tree.tree] == [
        ("infra", "tree"), ("infra/api.ts", "blob"), ("sst.config.ts", "blob"),
    ]  # fmt: skip
    blob = repository.get_git_blob(tree.tree[1].sha)
    assert base64.b64decode(blob.content) == b"export {};\n"
    sandbox.longest_tree = 2
    assert repository.get_git_tree("main", recursive=True).raw_data["truncated"] is True


def test_what_stays_the_same_is_answered_304_and_costs_nothing(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    ask = client.requester.requestJsonAndCheck
    headers, _ = ask("GET", "/repos/acme/shop/branches/main")
    status, later, _ = client.requester.requestJson(
        "GET", "/repos/acme/shop/branches/main", headers={"If-None-Match": headers["etag"]}
    )
    assert status == 304
    assert later["x-ratelimit-remaining"] == headers["x-ratelimit-remaining"]


def test_an_installation_sees_its_own_repositories_only(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.repository("globex/secret", {"x": "1"})
    with pytest.raises(UnknownObjectException):
        client.get_repo("globex/secret").get_contents("x")
    _, seen = client.requester.requestJsonAndCheck("GET", "/installation/repositories")
    assert [one["full_name"] for one in seen["repositories"]] == ["acme/shop"]


def test_rules_name_the_required_check_and_its_app(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.require(shop)
    _, rules = client.requester.requestJsonAndCheck("GET", "/repos/acme/shop/rules/branches/main")
    checks = rules[0]["parameters"]["required_status_checks"]
    assert checks == [{"context": "sst-policy", "integration_id": sandbox.registration.id}]
    _, (ruleset,) = client.requester.requestJsonAndCheck("GET", "/repos/acme/shop/rulesets")
    _, whole = client.requester.requestJsonAndCheck("GET", f"/repos/acme/shop/rulesets/{ruleset['id']}")
    assert [rule["type"] for rule in whole["rules"]] == ["required_status_checks"]


def test_what_is_not_permitted_is_refused(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    installation = next(iter(sandbox.world.installations.values()))
    del installation.permissions["pull_requests"]
    sandbox.open_pull(shop, {"x": "1"})
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        list(client.get_repo("acme/shop").get_pull(1).get_files())
