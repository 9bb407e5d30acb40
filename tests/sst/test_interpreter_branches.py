"""An unknown condition: both branches are taken, and only what they agree on stays known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sst.programs import examples, plain, record, result_of


@pytest.mark.parametrize(("body", "expected"), examples("branches.ts"))
def test_values(body: str, expected: Any) -> None:
    assert result_of(body) == expected


def constructions(body: str, **given: Any) -> list[list[Any]]:
    return [[plain(each.name), each.certain] for each in record(body, **given).constructions]


@pytest.mark.parametrize(("body", "expected"), examples("certainty.ts"))
def test_what_is_constructed_for_certain(body: str, expected: Any) -> None:
    assert constructions(body) == expected


def test_a_callback_of_a_function_that_cannot_be_seen_runs_in_doubt() -> None:
    made = record('each(() => new sst.aws.Queue("A"));', before='import { each } from "somewhere";')
    assert [(c.certain, str(c.reason)) for c in made.constructions] == [
        (False, 'the package "somewhere" is not read')
    ]
    assert [str(spot.reason) for spot in made.blind_spots] == [
        'an unknown function may call a callback: the package "somewhere" is not read'
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
    assert constructions(body) == [["inside", False], ["after", True]]
