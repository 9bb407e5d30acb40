"""The standing proof for whole configs: what the reader says is made covers what Node makes, for all unknowns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sst.soundness.configs import HEAD, Files, random_config
from tests.sst.soundness.deployed import Configs, Said, missed, running

SEEDS = range(20261128, 20261128 + 60)  # thousands: tests/bench/configs.py
MODULE = (
    f'{HEAD}if (K === "p") new sst.aws.Bucket("Own");\nnew sst.aws.Function("InModule", {{ handler: "a.b" }});\n'
    "export const queue = new sst.aws.Queue('Q');\n"
)
TRYING = f'{HEAD}try {{ if (B) throw new Error(); new sst.aws.Bucket("Tried"); }} catch {{}}\n'
THROWING = f'{HEAD}export const args = {{ ...JSON.parse(process.env.JSON ?? "{{}}"), handler: "a.b" }};\n'
FILES = {"module.ts": MODULE, "trying.ts": TRYING, "throwing.ts": THROWING}
LISTED = [
    # the condition of a branch that is left over is not that of what is inside of it
    'if (K === "p") throw new Error(); else { if (K === "q") new sst.aws.Bucket("B"); }',
    'if (K === "q") await import("./module"); await import("./module");',
    # after a place that may throw, nothing in a `try` block is certain, also for its handler
    'try { if (A) throw new Error(); new sst.aws.Bucket("B"); throw new Error(); } catch {}',
    'try { if (A) throw new Error(); $transform(sst.aws.Function, (args) => { args.timeout = "10 minutes"; }); } '
    'catch { new sst.aws.Function("F", { handler: "a.b", timeout: "1 minute" }); }',
    'if (A) await import("./module"); try { if (B) throw new Error(); await import("./module"); } catch {}',
    # a module is evaluated when it is first imported, and what is registered until then reaches it
    'if (A) await import("./module"); $transform(sst.aws.Function, (args) => { args.timeout = "10 minutes"; }); '
    'await import("./module");',
    'if (K) { if (A) await import("./trying"); } await import("./trying");',
    'try { if (A) throw new Error(); if (B) await import("./throwing"); } '
    'catch { const m = await import("./throwing"); new sst.aws.Function("F", m.args); }',
    'const m = A ? await import("./module") : undefined; m?.queue.subscribe("a.b");',
    # functions and components that are found under an unknown key
    'const make = { p: () => new sst.aws.Function("F", { handler: "a.b", timeout: "1 second" }), q: () => {} }; make[K]?.();',
    'const args = { p: { handler: "a.b" }, q: { handler: "c.d" } }; (args[K] ?? args.p).timeout = "2 minutes"; '
    'new sst.aws.Function("F", args.p); new sst.aws.Function("G", args.q);',
    'const queues = [new sst.aws.Queue("Q1"), new sst.aws.Queue("Q2")]; queues[K ? 0 : 1].subscribe("a.b");',
    'const queues = new Map([["p", new sst.aws.Queue("Q1")], ["q", new sst.aws.Queue("Q2")]]); '
    'queues.get(K)?.subscribe({ handler: "a.b", timeout: "2 minutes" });',
    'class Own extends sst.aws.Function { constructor(name) { super(name, { handler: "a.b", timeout: A ? "1 second" : "2 seconds" }); } } '
    'new ({ p: Own, q: sst.aws.Bucket })[K ?? "p"]("F");',
]


@pytest.fixture(scope="module")
def configs() -> Iterator[Configs]:
    with running() as started:
        yield started


def config(body: str) -> Files:
    text = f'export default $config({{ app() {{ return {{ name: "app" }}; }}, async run() {{\n{HEAD}{body}\n}} }});\n'
    return {"sst.config.ts": text, **FILES}


@pytest.mark.parametrize("body", LISTED)
def test_a_listed_config_is_covered(configs: Configs, body: str) -> None:
    files = config(body)
    assert any("throws" not in outcome for outcome in configs.outcomes(files))
    assert missed(configs, files) == []


@pytest.mark.parametrize("body", LISTED)
def test_no_listed_config_is_hidden(body: str) -> None:
    """Otherwise it would be covered in any case."""
    assert not Said(config(body)).blind


@pytest.mark.no_cover
def test_random_configs_are_covered(configs: Configs) -> None:
    wrong = {seed: found for seed in SEEDS if (found := missed(configs, random_config(seed)))}
    assert wrong == {}
