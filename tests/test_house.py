"""The house keeps its own rules: who may import what, how big a module may be, what must be written down."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from policy_bot import HOMEPAGE
from policy_bot.github import events

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "policy_bot"
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
UNTIMED = [path for path in TESTS if "bench" not in path.parts]
PAGES = sorted(
    path for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "policies").glob("*.md")]
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, known: set[str]) -> set[str]:
    """The modules of the package that a file imports, also for types alone and inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {
                inner if (inner := f"{node.module}.{alias.name}") in known else node.module
                for alias in node.names
            }
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & known - {_module(path)}


def test_no_more_than_two_files_import_each_other() -> None:
    known = {_module(path) for path in MODULES}
    arrows = {_module(path): _imported(path, known) for path in MODULES}
    reached = {module: _reached(module, arrows) for module in arrows}
    cycles = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in arrows
        if module in reached[module]
    }
    assert [sorted(cycle) for cycle in cycles if len(cycle) > 2] == []


def _reached(module: str, arrows: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    left = [*arrows[module]]
    while left:
        at = left.pop()
        if at not in seen:
            seen.add(at)
            left += arrows[at]
    return seen


# only these may import them; the sandbox is a server of its own
RESERVED = {
    "tree_sitter": ("policy_bot/sst/syntax",),
    "tree_sitter_typescript": ("policy_bot/sst/syntax",),
    "cel_expr_python": ("policy_bot/policy/expression",),
    "github": ("policy_bot/github/",),
    "requests": ("policy_bot/github/", "policy_bot/sandbox/"),
    "flask": ("policy_bot/service/", "policy_bot/sandbox/"),
    "granian": ("policy_bot/service/",),
    "sqlalchemy": ("policy_bot/service/",),
    "yaml": ("policy_bot/policy/",),
    "pygls": ("policy_bot/cli/editor/",),
    "lsprotocol": ("policy_bot/cli/editor/",),
}


def test_a_library_is_imported_only_where_it_belongs() -> None:
    wrong = [
        f"{name(path)} imports {module}"
        for path in MODULES
        for module in imports(path)
        if not name(path).startswith(RESERVED.get(module.partition(".")[0], ("policy_bot/",)))
    ]
    assert wrong == []


# same input, same bytes out: no clock, environment, disk, network or process below `isolation`
IMPURE = {
    *(
        "os",
        "sys",
        "io",
        "pathlib",
        "shutil",
        "tempfile",
        "glob",
        "subprocess",
        "multiprocessing",
        "threading",
    ),
    *("socket", "ssl", "http", "urllib.request", "asyncio", "signal", "time", "random", "secrets", "logging"),
}


def test_what_judges_touches_nothing_outside() -> None:
    wrong = [
        f"{name(path)} imports {module}"
        for path in MODULES
        if name(path).startswith(("policy_bot/sst/", "policy_bot/policy/", "policy_bot/review/"))
        if path.name != "stack.py"  # gives the interpreter room on the stack: same bytes from any depth
        for module in imports(path)
        if module in IMPURE or module.partition(".")[0] in IMPURE
    ]
    assert wrong == []


def test_nothing_can_execute_what_it_reads() -> None:
    """No module of ours can run text as code, load it as an object, or hand it to a shell."""
    wrong = [
        f"{name(path)}:{node.lineno} {node.func.id}()"
        for path in MODULES
        if path != PACKAGE / "record.py"  # compiles constructors, from names of fields of ours
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"eval", "exec", "compile", "__import__"}
    ]
    for path in MODULES:
        wrong += [
            f"{name(path)} imports {module}"
            for module in imports(path)
            if module in {"pickle", "marshal", "shelve"}
        ]
    assert wrong == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_small_enough_to_be_read_at_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 500


def test_most_modules_are_smaller_still() -> None:
    large = [name(path) for path in MODULES if len(path.read_text().splitlines()) > 300]
    assert len(large) <= len(MODULES) // 20, large


def test_a_function_is_short_enough_to_be_seen_whole() -> None:
    long = [
        f"{name(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if "migrations" not in name(path)
        and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno > 60
    ]
    assert long == []


def test_a_module_is_named_by_what_it_is_for() -> None:
    homeless = re.compile(r"(^|_)(utils?|helpers?|managers?|base|common|misc|tools?|lib)(_|$)")
    assert [name(path) for path in [*MODULES, *TESTS] if homeless.search(path.stem)] == []


HOME_MADE = re.compile(
    r"\b(wish(es)?|bench(es)?|landscape|desk|cannottell|mend(s|ed|ing)?|toil|twins|way in)\b"
    r"|\b(Edition|Sides|Work|Maker|Perhaps|Account)\b"
)
"""Home-made words for which the field has a term: setting request, revision, local run, fix, fuel, ..."""

NOT_OURS = {"tests/bench", "make bench"}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_uses_the_terms_of_the_field(path: Path) -> None:
    found = [
        f"{name(path)}:{number}: {match[0]}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if "sandbox" not in path.parts  # there an account is one at GitHub
        for match in HOME_MADE.finditer(re.sub("|".join(NOT_OURS), "", line))
    ]
    assert found == []


STIFF = re.compile(
    r"\b(beside|mend(s|ed|ing)?|stood|healing|in vain|cannot be told|that is none)\b"
    r"|\b(is|are|was|were) told\b|\bstands (at|in|on|before|below|behind|still|where)\b"
)
"""Phrases that a native reader stumbles over: write next to, fix, is at, reconciliation, is reported, ..."""


@pytest.mark.parametrize("path", [*MODULES, *PAGES, *PACKAGE.rglob("*.html")], ids=name)
def test_sentences_are_plain_english(path: Path) -> None:
    found = [
        f"{name(path)}:{number}: {match[0]}"
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in STIFF.finditer(line.replace("_", " "))
    ]
    assert found == []


def test_no_class_name_occurs_twice() -> None:
    names = [
        node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    ]
    assert {each for each in names if names.count(each) > 1} == set()


def test_nothing_is_left_for_later() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError|pytest\.mark\.skip|pytest\.skip|xfail)\b")
    left = [
        f"{name(path)}:{number}"
        for path in [*MODULES, *TESTS, *PAGES]
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if words.search(line)
    ]
    assert left == []


CLOCKED = {
    "tests/waiting.py": "waits for events",
    "tests/sandbox/test_app.py": "signs a token for today",
    "tests/service/crashing.py": "evaluations and kills with pauses",
    "tests/service/test_faults.py": "an evaluation with a pause",
    "tests/service/test_wakeups.py": "a chore for each second that has passed",
    "tests/threats/test_t24_every_pattern_is_linear.py": "a limit of 100 times the usual, tried again",
    "tests/threats/test_t24_expressions_are_bounded.py": "a limit of 500 times the usual",
    "tests/threats/test_t24_parsers_take_linear_time.py": "a ratio of times, tried again",
}
"""The only tests outside tests/bench that may read a clock or pause, and what for."""


def test_no_other_test_depends_on_the_speed_of_the_machine() -> None:
    used = {name(path) for path in UNTIMED if "time" in imports(path)}
    assert used == CLOCKED.keys()


def test_what_a_test_waits_for_has_a_limit_that_only_a_hang_exceeds() -> None:
    """Also on a busy machine. `tests/waiting.py` has it."""
    short = [
        f"{name(path)}:{call.lineno}"
        for path in UNTIMED
        for call in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)
        if call.func.attr in {"wait", "wait_for", "join", "communicate", "result"}
        for given in (*call.args, *(keyword.value for keyword in call.keywords))
        if isinstance(given, ast.Constant) and isinstance(given.value, int | float) and given.value < 60
    ]
    assert short == []


def test_each_exception_from_the_linter_gives_its_reason() -> None:
    bare = [
        f"{name(path)}:{number}"
        for path in [*MODULES, *TESTS]
        if path != Path(__file__)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"#\s*noqa(:\s*[A-Z0-9, ]+)?\s*$", line)
        and not line.lstrip().startswith(("import ", "from "))
    ]
    assert bare == []


def test_each_link_between_pages_leads_somewhere() -> None:
    broken = []
    for page in PAGES:
        text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
        for link in re.findall(r"\]\(([^)\s]+)\)", text):
            target = link.partition("#")[0]
            if (
                target
                and "://" not in target
                and not target.startswith("mailto:")
                and not (page.parent / target).exists()
            ):
                broken.append(f"{name(page)}: {link}")
    assert broken == []


def test_pages_and_code_name_no_machine_of_ours() -> None:
    places = re.compile(r"/(?:work|tmp/team|root|home/[a-z]+)/|localhost:\d{4,}/simple|/private/")
    found = [
        f"{name(path)}:{number}: {line.strip()[:80]}"
        for path in [*MODULES, *PAGES]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if places.search(line)
    ]
    assert found == []


def test_what_the_app_asks_for_is_what_it_needs() -> None:
    """github-facts: no members, no contents: write; every event that the code understands is asked for."""
    manifest = yaml.safe_load((ROOT / "app.yaml").read_text())
    assert manifest["default_permissions"] == {
        "checks": "write",
        "contents": "read",
        "metadata": "read",
        "pull_requests": "write",
        "statuses": "write",
        "merge_queues": "read",
    }
    unrequested = {
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
    }  # these always come
    assert set(manifest["default_events"]) == set(events._READERS) - unrequested
    page = (ROOT / "docs/operations.md").read_text()
    for permission, access in manifest["default_permissions"].items():
        assert f"`{permission}: {access}`" in page or f"| `{permission}` | {access} |" in page, permission


NAMING = re.compile(r"(?:https://(?:raw\.githubusercontent|github)\.com/|uses: )([\w.-]+/policy-bot)\b")
PLACES = [
    *(path for ending in ("md", "yml", "yaml", "toml") for path in ROOT.glob(f"*.{ending}")),
    *(ROOT / "deploy").iterdir(),
    *(ROOT / "docs").glob("*.*"),
    *(ROOT / "editors").rglob("*.json"),
    *MODULES,
]


def test_the_address_of_the_source_is_the_same_everywhere() -> None:
    """Whoever publishes a copy changes `HOMEPAGE`, runs this test, and changes the files that it lists."""
    ours = HOMEPAGE.removeprefix("https://github.com/")
    others = {
        name(path): found for path in PLACES if (found := set(NAMING.findall(path.read_text())) - {ours})
    }
    assert others == {}
