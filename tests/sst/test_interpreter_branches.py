"""A condition that cannot be seen: both ways are taken, and only what both agree on stays known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sst.programs import record, result_of


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("let x = 1; if (process.env.A) x = 2; return x", {"$oneOf": [2, 1]}),
        ("let x = 1; if (process.env.A) x = 1; return x", 1),
        ("return process.env.A ? 'a' : 'b'", {"$oneOf": ["a", "b"]}),
        ("return process.env.A ? 'a' : 'a'", "a"),
        ("const o = { t: 1 }; if (process.env.A) o.t = 2; else o.u = 3; return o", {"t": {"$oneOf": [2, 1]}, "u": {"$oneOf": ["$undefined", 3]}}),
        ("const xs = [1]; if (process.env.A) xs.push(2); return xs", [1, {"$perhaps": 2}]),
        ("return [1, ...(process.env.A ? [2] : [])]", [1, {"$perhaps": 2}]),
        ("return { a: 1, ...(process.env.A && { a: 2, b: 3 }) }", {"a": {"$oneOf": [2, 1]}, "b": {"$oneOf": [3, "$undefined"]}}),
        ("const f = () => { if (process.env.A) return 1; return 2 }; return f()", {"$oneOf": [2, 1]}),
        ("const f = () => { if (process.env.A) { return 1 } else { return 1 } }; return f()", 1),
        ("const f = () => { for (const x of [1, 2]) { if (process.env.A) return x } return 0 }; return f()", {"$oneOf": [0, 2, 1]}),
        ("const f = () => { if (process.env.A) { if (process.env.B) return 1 } else { if (process.env.C) return 2 } return 3 }; return f()", {"$oneOf": [3, 2, 1]}),
        ("switch (process.env.A) { case 'x': return 1; case 'y': return 2; default: return 3 }", {"$oneOf": [1, 2, 3]}),
        ("if (!process.env.A) throw new Error('set it'); return 1", 1),
        ("let n = 0; for (const x of process.env.A) n++; return n", {"$unknown": "process.env.A is set outside the repository"}),
        ("let n = 0; while (process.env.A) n++; return n", {"$unknown": "process.env.A is set outside the repository"}),
        ("const o = { k: process.env.A ?? 'x' }; return o.k", {"$unknown": "process.env.A is set outside the repository"}),
        ("const x = process.env.A ? 1 : undefined; return x ?? 5", {"$oneOf": [5, 1]}),
        ("const { t = 9 } = process.env.A ? { t: 1 } : {}; return t", {"$oneOf": [1, 9]}),
        ("const m = new Map([['a', 1]]); if (process.env.A) m.set('a', 2); return m.get('a')", {"$oneOf": [2, 1]}),
        ("return [process.env.A && 'q', 'r'].filter(Boolean)", [{"$perhaps": "q"}, "r"]),
        ("return ['a', 'b'].map((x) => (process.env.A ? x : x))", ["a", "b"]),
        ("const f = process.env.A ? () => 1 : () => 2; return f()", {"$oneOf": [1, 2]}),
        ("const x = process.env.A ? 2 : 3; return x * 2", {"$oneOf": [4, 6]}),
        ("const t = { a: 1, b: 2 }; return t[process.env.A ? 'a' : 'b']", {"$oneOf": [1, 2]}),
        ("const o = { a: 1, ...JSON.parse(process.env.A) }; return o.a", {"$unknown": "process.env.A is set outside the repository"}),
        ("const o = { ...JSON.parse(process.env.A), a: 1 }; return o.a", 1),
    ],
)  # fmt: skip
def test_values(body: str, expected: Any) -> None:
    assert result_of(body) == expected


def constructions(body: str, **given: Any) -> list[tuple[str, bool]]:
    return [(str(each.name.data), each.certain) for each in record(body, **given).constructions]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('if (process.env.A) new sst.aws.Queue("A"); new sst.aws.Queue("B");', [("A", False), ("B", True)]),
        ('if (process.env.A) return; new sst.aws.Queue("B");', [("B", False)]),
        ('if (!process.env.A) throw new Error(); new sst.aws.Queue("B");', [("B", True)]),
        ('if (!process.env.A) { throw 1 } else { new sst.aws.Queue("A") }', [("A", True)]),
        ('const f = () => { if (process.env.A) return 1; }; f(); new sst.aws.Queue("B");', [("B", True)]),
        ('for (const x of process.env.A) new sst.aws.Queue("A");', [("A", False)]),
        (
            'for (const x of [1, 2]) { if (process.env.A) continue; new sst.aws.Queue("A" + x) } new sst.aws.Queue("B")',
            [("A1", False), ("A2", False), ("B", True)],
        ),
        (
            'for (const x of [1, 2]) { if (process.env.A) break; new sst.aws.Queue("A" + x) } new sst.aws.Queue("B")',
            [("A1", False), ("A2", False), ("B", True)],
        ),
        (
            'process.env.A && new sst.aws.Queue("A"); process.env.B ? new sst.aws.Queue("B") : 0;',
            [("A", False), ("B", False)],
        ),
        ('unknownPackage.run(() => new sst.aws.Queue("A"));', []),
        ('[..."ab"].forEach((x) => new sst.aws.Queue(x));', [("a", True), ("b", True)]),
        ('const q = process.env.A ? new sst.aws.Queue("A") : undefined; q?.subscribe("h");', [("A", False)]),
    ],
)
def test_what_is_constructed_for_certain(body: str, expected: list[tuple[str, bool]]) -> None:
    assert constructions(body) == expected


def test_a_callback_of_a_function_that_cannot_be_seen_runs_in_doubt() -> None:
    made = record('each(() => new sst.aws.Queue("A"));', before='import { each } from "somewhere";')
    assert [(c.certain, c.reason) for c in made.constructions] == [
        (False, 'the package "somewhere" is not read')
    ]
    assert [hidden.reason for hidden in made.hidden] == [
        'a callback of a function that cannot be seen: the package "somewhere" is not read'
    ]


def test_a_method_of_what_may_be_undefined_is_called_in_doubt() -> None:
    made = record('const q = process.env.A ? new sst.aws.Queue("A") : undefined; q?.subscribe("h");')
    assert [(call.method, call.certain) for call in made.calls] == [("subscribe", False)]


def test_a_dropped_way_leaves_nothing_behind() -> None:
    body = "const o = { n: 1 }; if (process.env.A) { o.n = 2; throw 1 } return o"
    assert result_of(body) == {"n": 1}


def test_doubt_ends_with_the_function() -> None:
    body = """
      const early = () => { if (process.env.A) return; new sst.aws.Queue("inside") };
      early();
      new sst.aws.Queue("after");
    """
    assert constructions(body) == [("inside", False), ("after", True)]
