"""The SST version of a project, by the strongest evidence."""

from __future__ import annotations

import pytest

from policy_bot.sst.deployment import Version
from policy_bot.sst.ranges import LATEST, at_least, number
from policy_bot.sst.reading import read_project
from policy_bot.sst.repository.versions import Clue, VersionBound, bounds, find_version
from policy_bot.sst.source import MemoryTree, Unreadable

MANIFEST = '{"devDependencies": {"sst": "^3.1.0"}}'
PNPM = """lockfileVersion: '9.0'

importers:

  .:
    devDependencies:
      sst:
        specifier: ^2.0.0
        version: 2.48.5(@aws-sdk/client-sso-oidc@3.600.0)

  packages/infra:
    dependencies:
      sst-helper:
        specifier: 1.0.0
        version: 1.0.0
      sst:
        specifier: catalog:
        version: 3.17.10

packages:

  sst@2.48.5:
    resolution: {integrity: sha512-x}
"""
NPM = """{
  "name": "app", "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "sst": "^3.1.0" } },
    "apps/web/node_modules/sst": {
      "version": "2.40.1"
    },
    "node_modules/sst": {
      "version": "3.17.25",
      "bin": { "sst": "bin/sst.mjs" }
    },
    "node_modules/sst-linux-x64": { "version": "3.17.25" }
  }
}"""
YARN_1 = """# yarn lockfile v1


sst@^2.0.0:
  version "2.48.5"
  resolved "x"

sst@^3.1.0:
  version "3.0.54"
"""
YARN_BERRY = """__metadata:
  version: 8

"sst@npm:^3.1.0":
  version: 3.19.3
  resolution: "sst@npm:3.19.3"
"""
BUN = """{
  "lockfileVersion": 1,
  "packages": {
    "sst": ["sst@3.14.23", "", { "dependencies": {} }, "sha512-x=="],
    "sst-darwin-arm64": ["sst-darwin-arm64@3.14.23", "", {}, "sha512-x=="],
  }
}"""


def version(files: dict[str, str], config: str = "sst.config.ts", clues: tuple[Clue, ...] = ()) -> str:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    return str(find_version(tree, config, clues))


@pytest.mark.parametrize(
    ("name", "lock", "expected"),
    [
        ("package-lock.json", NPM, "3.17.25"),
        ("pnpm-lock.yaml", PNPM, "2.48.5"),
        ("yarn.lock", YARN_1, "3.0.54"),
        ("yarn.lock", YARN_BERRY, "3.19.3"),
        ("bun.lock", BUN, "3.14.23"),
    ],
)
def test_a_lockfile_is_exact(name: str, lock: str, expected: str) -> None:
    assert version({"package.json": MANIFEST, name: lock}) == expected


def test_the_nearest_installation_counts() -> None:
    files = {"package.json": MANIFEST, "package-lock.json": NPM}
    assert version(files, "apps/web/sst.config.ts") == "2.40.1"


def test_the_nearest_importer_counts() -> None:
    assert version({"pnpm-lock.yaml": PNPM}, "packages/infra/sst.config.ts") == "3.17.10"
    assert version({"pnpm-lock.yaml": PNPM}, "packages/other/sst.config.ts") == "2.48.5"


def test_evidence_names_file_and_line() -> None:
    tree = MemoryTree({"bun.lock": BUN.encode()})
    found = find_version(tree, "sst.config.ts")
    assert found.evidence == "bun.lock locks sst 3.14.23"
    assert (found.span.path, found.span.line) == ("bun.lock", 4) if found.span else False


def test_a_range_without_a_lockfile() -> None:
    assert version({"package.json": MANIFEST}) == "3.1.0 to 3.19.3"


def test_the_nearest_package_json_that_names_sst() -> None:
    files = {"package.json": MANIFEST, "infra/package.json": '{"name": "infra"}'}
    assert version(files, "infra/sst.config.ts") == "3.1.0 to 3.19.3"


def test_a_catalog_of_the_workspace() -> None:
    files = {
        "packages/infra/package.json": '{"dependencies": {"sst": "catalog:"}}',
        "pnpm-workspace.yaml": "packages:\n  - packages/*\ncatalog:\n  zod: ^3.0.0\n  sst: 4.1.1\n",
    }
    assert version(files, "packages/infra/sst.config.ts") == "4.1.1"


@pytest.mark.parametrize(
    "forces",
    [
        {"package.json": '{"overrides": {"sst": "3.0.1"}}'},
        {"package.json": '{"resolutions": {"sst": "3.0.1"}}'},
        {"package.json": '{"pnpm": {"overrides": {"sst": "3.0.1"}}}'},
        {"pnpm-workspace.yaml": "packages: [apps/*]\noverrides:\n  sst: 3.0.1\n"},
    ],
    ids=str,
)
def test_a_version_that_the_root_forces_is_installed(forces: dict[str, str]) -> None:
    files = {"apps/web/package.json": MANIFEST, **forces}
    assert version(files, "apps/web/sst.config.ts") == "3.0.1"
    as_declared = {"package.json": '{"devDependencies": {"sst": "3.1.2"}, "overrides": {"sst": "$sst"}}'}
    assert version(as_declared) == "3.1.2"


def test_a_named_catalog_of_bun() -> None:
    files = {
        "infra/package.json": '{"dependencies": {"sst": "catalog:deploy"}}',
        "package.json": '{"workspaces": {"packages": ["infra"], "catalogs": {"deploy": {"sst": "3.8.2"}}}}',
    }
    assert version(files, "infra/sst.config.ts") == "3.8.2"


def test_clues_narrow_a_range() -> None:
    newest = Clue(VersionBound("4.7.0", LATEST), "sst.aws.Workflow exists since 4.7.0")
    assert (
        version({"package.json": '{"dependencies": {"sst": ">=3.0.0"}}'}, clues=(newest,))
        == f"4.7.0 to {LATEST}"
    )


def test_nothing_is_the_newest_and_says_so() -> None:
    found = find_version(MemoryTree({}), "sst.config.ts")
    assert (found.high, found.evidence) == (LATEST, f"no evidence: the newest, {LATEST}, is assumed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("^3.1.0", ("3.1.0", "3.19.3")),
        ("3", ("3.0.0", "3.19.3")),
        ("3.x", ("3.0.0", "3.19.3")),
        ("~4.2", ("4.2.0", "4.2.7")),
        (">=3.1 <4", ("3.1.0", "3.19.3")),
        ("v3.17.0", ("3.17.0", "3.17.0")),
        ("^2.0.0 || ^3.0.0", ("2.0.0", "3.19.3")),
        ("npm:sst@3.2.1", ("3.2.1", "3.2.1")),
        ("^0.1.3", ("0.1.3", "0.1.16")),
        ("4.0", ("4.0.0", "4.0.7")),  # releases that exist, no invented 4.0.999
        (">4.0.7", ("4.1.0", LATEST)),  # `>` is not `>=`
        (">3.18", ("3.19.0", LATEST)),
        (">=4.1.0 <4.2.0", ("4.1.0", "4.1.11")),
        ("<=3.18", ("0.0.0", "3.18.12")),
        ("3.0.1 - 3.4", ("3.0.1", "3.4.59")),
        (">=4.2.1-beta.1 <4.3.0-0", ("4.2.1", "4.2.7")),
        ("~2.12", ("2.12.0", "2.12.0")),  # its patches are not listed
        ("^4.99.0", ("4.99.0", "4.99.0")),  # newer than what is known
        ("latest", None),
        ("*", None),
        ("workspace:*", None),
        ("github:anomalyco/sst", None),
        ("", None),
    ],
)
def test_ranges(text: str, expected: tuple[str, str] | None) -> None:
    assert bounds(text) == (VersionBound(*expected) if expected else None)


def test_releases_are_compared_as_numbers() -> None:
    assert at_least("3.10.0", "3.9.32")
    assert not at_least("3.9.32", "3.10.0")
    assert number("v4.17.0-beta.1") == (4, 17, 0)


@pytest.mark.parametrize(
    "name", ["package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "package.json"]
)
@pytest.mark.parametrize(
    "filling", ['"sst": {', 'node_modules/sst": {', "sst@", "      sst:\n", '"' * 7, " ", "a"]
)
def test_a_hostile_lockfile_says_nothing(name: str, filling: str) -> None:
    text = filling * (1_000_000 // len(filling))
    expected = "no evidence" if name == "package.json" else "package.json asks for"
    tree = MemoryTree({"package.json": MANIFEST.encode(), name: text.encode()})
    assert find_version(tree, "sst.config.ts").evidence.startswith(expected)


class Guarded(MemoryTree):
    """A tree with files that exist and may not be read."""

    def read(self, path: str) -> bytes | None:
        found = super().read(path)
        if found == b"no":
            raise Unreadable(path, "limit: larger than 5 MiB")
        return found


def test_a_lockfile_that_may_not_be_read_is_reported_and_the_next_evidence_counts() -> None:
    files = {"pnpm-lock.yaml": b"no", "pnpm-workspace.yaml": b"no", "package.json": MANIFEST.encode()}
    found = find_version(Guarded(files), "sst.config.ts")
    assert found.low == "3.1.0"
    assert found.evidence.startswith(
        'package.json asks for sst "^3.1.0"; pnpm-lock.yaml is not read, limit: '
    )


def test_with_no_other_evidence_the_newest_is_assumed() -> None:
    found = find_version(Guarded({"package-lock.json": b"no", "package.json": b"no"}), "sst.config.ts")
    assert (found.high, found.evidence.partition(";")[0]) == (
        LATEST,
        f"no evidence: the newest, {LATEST}, is assumed",
    )


def archive(version: str, name: str = "sst") -> bytes:
    return (
        f"\x00\x07https://packages.example/{name}/-/{name.rpartition('/')[2]}-{version}.tgz\x00\x01".encode()
    )


def of_binary(*archives: bytes) -> Version:
    return find_version(
        MemoryTree(
            {"bun.lockb": b"#!/usr/bin/env bun\n" + b"".join(archives), "package.json": MANIFEST.encode()}
        ),
        "sst.config.ts",
    )


def test_a_binary_lockfile_of_bun_names_the_archive_of_the_release() -> None:
    found = of_binary(archive("2.0.1", "@acme/sst"), archive("3.2.76"), archive("4.1.0", "sst-linux-x64"))
    assert (found.low, found.high, found.assumed) == ("3.2.76", "3.2.76", False)
    assert found.evidence == "bun.lockb locks sst 3.2.76"


@pytest.mark.parametrize("archives", [(), (archive("3.2.76"), archive("3.4.9"))])
def test_a_binary_lockfile_that_does_not_decide_leaves_a_guess(archives: tuple[bytes, ...]) -> None:
    found = of_binary(*archives)
    assert (found.low, found.assumed) == ("3.1.0", True)
    assert "bun.lockb is binary" in found.evidence


@pytest.mark.parametrize(
    ("files", "assumed"),
    [
        ({"package.json": MANIFEST}, False),
        ({"package.json": '{"dependencies": {"sst": "3.4.9"}}'}, False),
        ({"package.json": '{"dependencies": {"sst": "latest"}}'}, True),
        ({}, True),
        ({"package.json": '{"dependencies": {"sst": "3.0.1-13"}}'}, True),
        ({"package-lock.json": '{"packages": {"node_modules/sst": {"version": "3.0.1-13"}}}'}, True),
    ],
)
def test_a_release_that_nothing_says_is_assumed(files: dict[str, str], assumed: bool) -> None:
    tree = MemoryTree({path: text.encode() for path, text in files.items()})
    assert find_version(tree, "sst.config.ts").assumed is assumed


def test_a_pre_release_is_anything_between_its_neighbours() -> None:
    seen = [
        find_version(
            MemoryTree({"package.json": f'{{"dependencies": {{"sst": "{version}"}}}}'.encode()}),
            "sst.config.ts",
        )
        for version in ("3.0.1-13", "4.2.1-beta.1")
    ]
    assert [(each.low, each.high) for each in seen] == [("0.1.16", "3.0.1"), ("4.2.0", "4.2.1")]


V2_CONFIG = "export default { config() { return { name: 'a' } }, stacks(app) {} }"


@pytest.mark.parametrize(
    ("config", "evidence", "place"),
    [
        (
            'export default $config({ app() { return { name: "a", version: "~3.4" } }, async run() {} })',
            'app() requires version "~3.4"',
            'version: "~3.4"',
        ),
        (V2_CONFIG, "sst.config.ts has the form of an SST v2 config", "stacks(app) {}"),
    ],
)
def test_what_the_config_itself_says_of_the_version(config: str, evidence: str, place: str) -> None:
    found = read_project(MemoryTree({"sst.config.ts": config.encode()}), "sst.config.ts").version
    assert found.evidence.startswith(evidence)
    assert found.span is not None
    assert config[found.span.start : found.span.end] == place
