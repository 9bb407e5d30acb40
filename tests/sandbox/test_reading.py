import base64

import pytest
from github import Github, GithubException, UnknownObjectException

from policy_bot.sandbox.content import Submodule, Symlink
from policy_bot.sandbox.sandbox import Sandbox
from policy_bot.sandbox.state import Repository
from tests.sandbox.clients import ask
from tests.sandbox.full import FullSandbox


def test_a_pull_request_has_its_files_and_its_test_merge(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    pull = sandbox.open_pull(shop, {"sst.config.ts": "new\n", "infra/api.ts": None, "README.md": "# Hi\n"})
    assert [(file["filename"], file["status"]) for file in ask(client, "/pulls/1/files")] == [
        ("README.md", "added"),
        ("infra/api.ts", "removed"),
        ("sst.config.ts", "modified"),
    ]
    [listed] = ask(client, "/pulls")
    assert listed["head"]["sha"] == pull.head_sha
    merge = shop.store.commits[listed["merge_commit_sha"]]
    assert merge.parents == (shop.branches["main"], pull.head_sha)
    assert sandbox.world.mergeable_state(pull) == "clean"


def test_a_pull_request_that_conflicts_has_no_test_merge(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    pull = sandbox.open_pull(shop, {"sst.config.ts": "one\n"})
    sandbox.push_branch(shop, "main", {"sst.config.ts": "other\n"})
    [listed] = ask(client, "/pulls")
    assert listed["merge_commit_sha"] is None
    assert sandbox.world.mergeable_state(pull) == "dirty"


def test_a_forks_head_is_read_through_the_base(
    sandbox: FullSandbox, shop: Repository, client: Github
) -> None:
    fork = sandbox.fork(shop, "eve")
    pull = sandbox.open_pull(shop, {"sst.config.ts": "hers\n"}, source=fork, by="eve")
    tree = ask(client, f"/git/trees/{pull.head_sha}")["tree"]
    [config] = [entry["sha"] for entry in tree if entry["path"] == "sst.config.ts"]
    assert base64.b64decode(ask(client, f"/git/blobs/{config}")["content"]) == b"hers\n"
    sandbox.delete_repository(fork)
    [listed] = ask(client, "/pulls")
    assert (listed["head"]["repo"], listed["head"]["sha"]) == (None, pull.head_sha)
    with pytest.raises(UnknownObjectException):
        client.requester.requestJsonAndCheck("GET", "/repos/eve/shop")


def test_lists_come_in_pages(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.open_pull(shop, {f"file{number:03}.ts": "1\n" for number in range(75)})
    pages = [ask(client, f"/pulls/1/files?page={number}") for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [30, 30, 15, 0]
    names = [file["filename"] for page in pages for file in page]
    assert names == sorted(names)
    headers, _ = client.requester.requestJsonAndCheck("GET", "/repos/acme/shop/pulls/1/files")
    assert 'page=2>; rel="next"' in headers["link"]
    assert 'page=3>; rel="last"' in headers["link"]


def test_no_more_than_3000_files_are_listed(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    pull = sandbox.open_pull(shop, {f"f{number}": "1\n" for number in range(3_010)})
    assert len(sandbox.world.changes(pull)) == 3_010
    last, beyond = (ask(client, f"/pulls/1/files?per_page=100&page={number}") for number in (30, 31))
    assert (len(last), beyond) == (100, [])


def test_links_and_submodules_have_their_modes(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    sandbox.push_branch(shop, "main", {"link.ts": Symlink("sst.config.ts"), "vendor": Submodule("a" * 40)})
    modes = {
        entry["path"]: (entry["mode"], entry["type"]) for entry in ask(client, "/git/trees/main")["tree"]
    }
    assert modes == {
        "infra": ("040000", "tree"),
        "link.ts": ("120000", "blob"),
        "sst.config.ts": ("100644", "blob"),
        "vendor": ("160000", "commit"),
    }


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
    headers, _ = client.requester.requestJsonAndCheck("GET", "/repos/acme/shop")
    status, later, _ = client.requester.requestJson(
        "GET", "/repos/acme/shop", headers={"If-None-Match": headers["etag"]}
    )
    assert status == 304
    assert later["x-ratelimit-remaining"] == headers["x-ratelimit-remaining"]


def test_an_installation_sees_its_own_repositories_only(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.repository("globex/secret", {"x": "1"})
    with pytest.raises(UnknownObjectException):
        client.requester.requestJsonAndCheck("GET", "/repos/globex/secret")
    _, seen = client.requester.requestJsonAndCheck("GET", "/installation/repositories")
    assert [one["full_name"] for one in seen["repositories"]] == ["acme/shop"]


def test_rules_name_the_required_check_and_its_app(
    sandbox: Sandbox, shop: Repository, client: Github
) -> None:
    sandbox.require(shop)
    [rule] = ask(client, "/rules/branches/main")
    checks = rule["parameters"]["required_status_checks"]
    assert checks == [{"context": "sst-policy", "integration_id": sandbox.registration.id}]


def test_what_is_not_permitted_is_refused(sandbox: Sandbox, shop: Repository, client: Github) -> None:
    installation = next(iter(sandbox.world.installations.values()))
    del installation.permissions["pull_requests"]
    sandbox.open_pull(shop, {"x": "1"})
    with pytest.raises(GithubException, match="Resource not accessible by integration"):
        ask(client, "/pulls/1/files")
