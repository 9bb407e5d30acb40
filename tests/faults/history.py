"""Random histories of a pull request, replayed exactly from their seed, and what has to be true after quiet.

People push, force-push, retarget, close, comment and press buttons; deliveries are lost, doubled, late and
reordered; requests fail before or after they take effect, are limited, or their worker dies; a second worker
runs in between any two requests of the first. When all that ends, failed deliveries are asked for again (as
the sweep does) and what is due is worked off. Then each open pull request must show exactly what an
evaluation from scratch gives, people's words untouched.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from policy_bot.github import basis
from policy_bot.github.errors import RetryLater
from policy_bot.github.events import Due, Gone, Malformed, PullKey, Refresh, meaning
from policy_bot.isolation import InProcess
from policy_bot.policy import builtin
from policy_bot.review import comment
from policy_bot.review.mark import Marker
from policy_bot.sandbox.faults import Fault, FaultyRequest
from policy_bot.sandbox.hook import Event
from policy_bot.sandbox.sandbox import Blocked
from policy_bot.sandbox.state import Pull, ReviewComment
from policy_bot.service.evaluation.steps import mark_keys
from tests.sandbox.wire import wired
from tests.toy import CONFIG, SECRET, Clock, World

LINES = (
    "error A", "error B", "warning C", "unknown D", "use infra/api.ts", "note", "note 2", "error A",
)  # fmt: skip
API = "infra/api.ts"
SETTINGS = ".github/policy-bot.yml"
SILENT = {("pull_request", "edited"), ("push", None)}
FUNCTIONS = (
    'handler: "a.b", url: true, streaming: true, timeout: "300 seconds"',
    'handler: "a.b", url: true, streaming: true, timeout: "60 seconds"',
    'handler: "a.b", url: true, streaming: true',
    'handler: "a.b", timeout: "20 minutes"',
    'handler: "a.b", timeout: 300',
    'handler: "a.b", url: true, streaming: true, timeout: process.env.T',
)


MEANWHILE = 2  # the worker of what runs in between: a client belongs to one worker


class Died(BaseException):
    """A worker is gone: nothing of it runs any more."""


@dataclass
class History:
    """One history. `log` says what happened, in order. `real`: SST configs, read and judged by the real
    thing."""

    seed: int
    steps: int = 8
    real: bool = False
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.loss = self.random.choice([0.0, 0.0, 0.2])
        self.moving = self.random.random() < 0.4
        self.late = self.random.choice([0.0, 0.2])
        self.silent = self.random.choice([0.0, 0.3])
        self.faults = self.random.choice([0.03, 0.1, 0.25])
        self.clock = Clock()
        files = {CONFIG: self._config(), API: self._config(uses=False), "README.md": "# shop\n"}
        self.world = World(files, clock=self.clock)
        if self.real:
            self.world.reader, self.world.policies = InProcess(), builtin.load()
        self.sandbox, self.shop = self.world.sandbox, self.world.shop
        self.sandbox.push_branch(self.shop, "release", {CONFIG: self._config()})
        self.sandbox.hook.pending.clear()
        self.due: dict[PullKey, None] = {}
        self.later: dict[PullKey, None] = {}
        self.said: dict[int, str] = {}
        self.answered: set[int] = set()
        self.stale: set[str] = set()
        self.rests: dict[PullKey, tuple[str, str]] = {}
        self.current: PullKey | None = None
        self.running: list[PullKey] = []
        self.trouble = True
        self.depth = 0
        self.workers = [self.world.fresh(), self.world.fresh(), self.world.fresh()]

    # what happens

    def run(self) -> None:
        """Plays the whole history and checks its end. Raises AssertionError with the seed and the log."""
        with wired(self.sandbox):
            self.sandbox.faults.each = self._fault
            self.sandbox.watchers.append(self._between)
            for _ in range(self.random.randint(4, self.steps)):
                self._person()
                self._deliver()
                if self.random.random() < 0.7:
                    self._work()
            self._quiet()
            self._judge()

    def _person(self) -> None:
        """A person does something."""
        deeds: list[Callable[[], None]] = [self._open, self._open] if len(self._open_pulls()) < 3 else []
        if self._open_pulls():
            deeds += [
                self._push, self._push, self._push, self._force, self._retarget, self._close, self._ready,
                self._say, self._reply, self._reply, self._rerun, self._expire, self._share, self._policy,
                *([self._merge, self._base] if self.moving else []),
            ]  # fmt: skip
        deeds += [self._reopen] if self._closed_pulls() else []
        deed = self.random.choice(deeds)
        deed()

    def _note(self, what: str) -> None:
        self.log.append(what)

    def _open(self) -> None:
        base = self.random.choice(["main", "main", "release"])
        fork = self.sandbox.fork(self.shop, "eve") if self.random.random() < 0.25 else None
        branch = self.random.choice([f"change-{self.shop.numbers + 1}", "shared"])
        pull = self.sandbox.open_pull(
            self.shop, self._files(), base=base, source=fork, branch=branch, draft=self.random.random() < 0.2
        )
        self._note(f"open #{pull.number} {branch} into {base}{' from a fork' if fork else ''}")

    def _files(self) -> dict[str, str | None]:
        choice = self.random.random()
        if choice < 0.15:
            return {"README.md": f"# {self.random.random()}\n"}
        if choice < 0.3:
            return {API: self._config(uses=False)}
        if choice < 0.35:
            return {CONFIG: None}
        return {CONFIG: self._config()}

    def _config(self, uses: bool = True) -> str:
        if self.real:
            return self._sst(uses)
        lines = [line for line in LINES if uses or not line.startswith("use")]
        chosen = [self.random.choice(lines) for _ in range(self.random.randint(0, 6))]
        if self.random.random() < 0.05:
            chosen.append("broken")
        return "".join(f"{line}\n" for line in chosen)

    def _sst(self, config: bool) -> str:
        chosen = [self.random.choice(FUNCTIONS) for _ in range(self.random.randint(0, 4))]
        functions = "".join(f'    new sst.aws.Function("F{i}", {{ {it} }});\n' for i, it in enumerate(chosen))
        if not config:
            return functions
        uses = self.random.choice(["", '    await import("./infra/api");\n'])
        app = self.random.choice(['name: "shop", home: "aws"', 'name: "shop", home: "aws", streaming: true'])
        body = f"  app: () => ({{ {app} }}),\n  async run() {{\n{uses}{functions}  }},\n"
        text = f"export default $config({{\n{body}}});\n"
        return text[:-9] if self.random.random() < 0.05 else text

    def _pull(self) -> Pull:
        return self.random.choice(self._open_pulls())

    def _push(self) -> None:
        pull = self._pull()
        if pull.head_repository is not None:
            self.sandbox.push(pull, self._files())
            self._note(f"push #{pull.number}")

    def _force(self) -> None:
        pull = self._pull()
        if pull.head_repository is not None:
            base = self.shop.branches[pull.base_branch]
            pull.head_repository.branches["elsewhere"] = base
            to = self.sandbox.commit(pull.head_repository, "elsewhere", self._files(), by="ada")
            self.sandbox.force_push(pull.head_repository, pull.head_branch, to)
            self._note(f"force-push #{pull.number}")

    def _retarget(self) -> None:
        pull = self._pull()
        self.sandbox.retarget(pull, "release" if pull.base_branch == "main" else "main")
        self._note(f"retarget #{pull.number} to {pull.base_branch}")

    def _close(self) -> None:
        pull = self._pull()
        self.sandbox.close(pull)
        self._note(f"close #{pull.number}")

    def _reopen(self) -> None:
        pull = self.random.choice(self._closed_pulls())
        self.sandbox.reopen(pull)
        self._note(f"reopen #{pull.number}")

    def _ready(self) -> None:
        pull = self._pull()
        self.sandbox.ready(pull, pull.draft)

    def _say(self) -> None:
        pull = self._pull()
        for line in (1, 2):
            try:
                said = self.sandbox.say(pull, CONFIG, line, self._echo(pull))
            except Exception:  # the line is not in the diff
                continue
            self.said[said.id] = said.body
            self._note(f"a person comments on #{pull.number}")
            return

    def _echo(self, pull: Pull) -> str:
        """A person's words; sometimes a copy of ours, mark and all."""
        ours = [c.body for c in pull.comments if self._is_ours(c)]
        return self.random.choice(ours) if ours and self.random.random() < 0.5 else "Why?"

    def _reply(self) -> None:
        pull = self._pull()
        ours = [c for c in pull.comments if self._is_ours(c)]
        if ours:
            answered = self.random.choice(ours)
            said = self.sandbox.reply(answered, "But why?")
            self.answered.add(answered.thread.comments[0].id)
            self.said[said.id] = said.body
            self._note(f"a person answers us on #{pull.number}")

    def _rerun(self) -> None:
        pull = self._pull()
        runs = [run for run in self.shop.checks if run.head_sha == pull.head_sha]
        if runs:
            self.sandbox.rerun(self.random.choice(runs))
            self._note(f"re-run on #{pull.number}")

    def _merge(self) -> None:
        pull = self._pull()
        try:
            self.sandbox.merge(pull)
        except Blocked:
            return
        self.stale.add(pull.base_branch)
        self._note(f"merge #{pull.number}")

    def _base(self) -> None:
        branch = self.random.choice(["main", "release"])
        self.sandbox.push_branch(self.shop, branch, self._files())
        self.stale.add(branch)
        self._note(f"push to {branch}")

    def _share(self) -> None:
        """A second pull request from the same branch into the other base."""
        pull = self._pull()
        base = "release" if pull.base_branch == "main" else "main"
        sharing = [each for each in self._open_pulls() if each.head_sha == pull.head_sha]
        if pull.head_repository is not None and len(sharing) == 1:
            made = self.sandbox.open_again(pull, base)
            self._note(f"open #{made.number} from the branch of #{pull.number} into {base}")

    def _policy(self) -> None:
        text = self.random.choice([None, "policies: {toy/error: off}\n", "mode: evaluate\n"])
        self.sandbox.push_branch(self.shop, "main", {SETTINGS: text})
        self.stale.add("main")
        self._note(f"policy: {text}")

    def _expire(self) -> None:
        self.sandbox.expire_tokens()
        self._note("all tokens end")

    # what is delivered

    def _deliver(self) -> None:
        """Delivers some pending webhooks, in any order, some of them twice, and loses others."""
        pending = self.sandbox.hook.pending
        self.random.shuffle(pending)
        for event in list(pending):
            luck = self.random.random()
            if (event.name, event.action) in SILENT and self.random.random() < self.silent:
                pending.remove(event)  # GitHub counts it as delivered: only the sweep finds what it changed
                self._note(f"vanished: {event.name} {event.action}")
            elif luck < self.loss:
                self.sandbox.hook.lose(event)
                self._note(f"lost: {event.name} {event.action}")
            elif luck < 1 - self.late:
                pending.remove(event)
                for _ in range(2 if luck < self.loss + 0.15 else 1):
                    self.sandbox.hook.attempt(event, lambda _, __, event=event: self._receive(event))

    def _receive(self, event: Event) -> int:
        try:
            found = meaning(event.name, event.payload)
        except Malformed:
            return 400
        for one in found:
            self._become_due(one)
        return 202

    def _become_due(self, one: Due | Gone | Refresh) -> None:
        if isinstance(one, Due):
            self.due[one.key] = None
        elif isinstance(one, Gone):
            self.due[one.key] = (
                None  # the service forgets it; looking at what is closed must do no harm either
            )
        else:
            self._sweep()

    def _sweep(self) -> None:
        """A refresh; its own row is tried until it is done, so it meets no trouble here."""
        trouble, self.trouble = self.trouble, False
        for due in self.world.evaluator.open_pulls(self.world.installation.id):
            self.due[due.key] = None
        self.trouble = trouble

    # what the service does

    def _work(self, rounds: int = 2) -> None:
        for _ in range(rounds):
            if not self.due:
                return
            self._evaluate(self.random.choice(list(self.due)), self.random.choice([0, 1]))

    def _evaluate(self, key: PullKey, worker: int) -> None:
        """One evaluation; what ends it early leaves the key due."""
        self.due.pop(key, None)
        self.depth += 1
        before, self.current = self.current, key
        self.running.append(key)
        try:
            outcome = self.workers[worker].evaluate(key, lambda: key in self.due)
        except RetryLater as later:
            self.clock.sleep(later.seconds)
            self.due[key] = None
            self._note(f"later: #{key.number} {later.why}")
        except Died:
            self.workers[worker] = self.world.fresh()
            self.due[key] = None
            self._note(f"worker {worker} died on #{key.number}")
        else:
            self._note(f"evaluated #{key.number}: {outcome.conclusion}")
            left = self.rests.get(key, ("", ""))[0] if outcome.conclusion == "closed" else ""
            self.rests[key] = (outcome.head, outcome.basis)
            overtaken = [other for other in outcome.sharing if other in self.running]
            again = [*outcome.also, *overtaken, *([key] if outcome.superseded else []), *self._one_at(left)]
            self.due |= dict.fromkeys(again)
            if outcome.again:
                self.later[key] = None
        finally:
            self.depth -= 1
            self.current = before
            self.running.pop()

    def _one_at(self, head: str) -> list[PullKey]:
        """Who looks again at the head of a closed pull request: whoever shares it and is at work, else one of
        them (`store/heads.py`)."""
        sharing = [key for key, (judged, _) in self.rests.items() if head and judged == head]
        return [key for key in sharing if key in self.running] or sharing[:1]

    def _fault(self, request: FaultyRequest) -> Fault | None:
        """Before a request: it fails, or the worker dies."""
        if not self.trouble or self.random.random() > self.faults:
            return None
        kind = self.random.randrange(6)
        when = self.random.choice(["before", "after"])
        self._note(f"fault {kind} {when}: {request}")
        if kind == 0:
            raise Died
        if kind == 1:
            return Fault("", "before", 403, headers={"retry-after": "7"}, message="secondary rate limit")
        if kind == 2:
            return Fault("", "before", 401, message="Bad credentials")
        return Fault("", when, self.random.choice([0, 500, 502, 503]))

    def _between(self, request: FaultyRequest) -> None:
        """After a request took effect: the worker dies, or the other worker does a whole evaluation."""
        luck = self.random.random()
        if not self.trouble or luck > self.faults:
            return
        if luck < self.faults / 3:
            self._note(f"died after: {request}")
            raise Died
        if self.depth == 1 and self.current is not None:
            key = self.random.choice([self.current, *self.due])
            self._note(f"meanwhile, after {request}:")
            self._evaluate(key, MEANWHILE)
            if (
                key == self.current
            ):  # the first one's lease ended: what it does from now on is not the last word
                self.due[key] = None

    # the end

    def _quiet(self) -> None:
        """No more trouble: lost deliveries are asked for again, everything due is worked off."""
        self.trouble = False
        self._note("quiet")
        for attempt in [a for a in self.sandbox.hook.attempts if not a.arrived]:
            self.sandbox.hook.redeliver(attempt)
        for event in list(self.sandbox.hook.pending):
            self.sandbox.hook.pending.remove(event)
            self.sandbox.hook.attempt(event, lambda _, __, event=event: self._receive(event))
        for pull in self._open_pulls():
            if self.stale & {
                pull.base_branch,
                "main",
            }:  # a moved base tells nobody; the next event looks at it
                self.due[self.world.key(pull)] = None
        self._work_off()
        self.due |= self.later  # an hour goes by
        self._work_off()
        for one in self.world.evaluator.to_compare(self.world.installation.id):
            head, rests = self.rests.get(one.key, ("", ""))
            if head != one.head or not basis.holds(rests, one.basis):
                self._note(f"the sweep finds #{one.key.number}")
                self.due[one.key] = None
        self._work_off()

    def _work_off(self) -> None:
        for _ in range(200):
            if not self.due:
                return
            self._evaluate(next(iter(self.due)), 0)
        raise AssertionError(self._told("it never comes to rest"))

    def _judge(self) -> None:
        visible = {pull.number: self._visible(pull) for pull in self._open_pulls()}
        for pull in self._open_pulls():
            self._invariants(pull)
            self._gate_holds(pull)
        scratch = self._from_scratch()
        for number, shown in visible.items():
            assert shown == scratch[number], self._told(
                f"#{number} shows\n  {shown}\nbut from scratch\n  {scratch[number]}"
            )

    def _invariants(self, pull: Pull) -> None:
        for id, body in self.said.items():
            thread = next((c for p in self.shop.pulls.values() for c in p.comments if c.id == id), None)
            assert thread is not None, self._told("what a person said is gone")
            assert thread.body == body, self._told("what a person said was touched")
        assert self.answered <= {c.id for p in self.shop.pulls.values() for c in p.comments}, self._told(
            "a comment that somebody answered was taken away"
        )
        ours = [c.body for c in pull.comments if self._is_ours(c)]
        keys = [m.finding for body in ours if (m := self._marker(pull).read(body)) and not _superseded(body)]
        assert len(keys) == len(set(keys)), self._told(f"#{pull.number} has two comments for one finding")

    def _gate_holds(self, pull: Pull) -> None:
        """An error that the default branch does not have never passes. Counted here from the lines of the
        files, by nothing of what decides in the service.
        """
        main = self.shop.branches["main"]
        judged = self.sandbox.world.test_merge(pull) or pull.head_sha
        brought, there = self._errors(judged), self._errors(main)
        run = self.world.check(pull)
        if (
            self.real
            or brought is None
            or there is None
            or run is None
            or SETTINGS in self.shop.store.files(main)
        ):
            return
        assert run.conclusion == "failure" or not brought - there, self._told(
            f"#{pull.number} is {run.conclusion} and brings {brought - there}"
        )

    def _errors(self, commit: str) -> Counter[str] | None:
        """The errors in the project at a commit; None if it cannot be read."""
        files = self.shop.store.files(commit)
        lines = self.shop.store.text(files.get(CONFIG)).decode().splitlines()
        if f"use {API}" in lines:
            lines += self.shop.store.text(files.get(API)).decode().splitlines()
        return None if "broken" in lines else Counter(line for line in lines if line.startswith("error"))

    def _visible(self, pull: Pull) -> tuple[object, ...]:
        """The visible result: the check that counts and the remaining comments."""
        run = self.world.check(pull)
        check = None
        if run is not None:
            notes = tuple(sorted(repr(sorted(a.items())) for a in run.annotations))
            check = (run.status, run.conclusion, run.title, run.summary, notes, run.external_id)
        standing = []
        for c in pull.comments:
            mark = self._marker(pull).read(c.body) if self._is_ours(c) else None
            if mark is not None and not _superseded(c.body):
                place = self.sandbox.world.thread_placement(c.thread)
                standing.append((c.thread.path, place.start_line, place.line, c.body))
        return (check, tuple(sorted(standing, key=repr)))

    def _from_scratch(self) -> dict[int, tuple[object, ...]]:
        """Everything of ours wiped away, then evaluated by somebody who remembers nothing."""
        self.shop.checks.clear()
        for pull in self.shop.pulls.values():
            pull.threads[:] = [t for t in pull.threads if not self._is_ours(t.comments[0])]
        for pull in self._open_pulls():
            self.world.fresh().evaluate(self.world.key(pull), lambda: False)
        return {pull.number: self._visible(pull) for pull in self._open_pulls()}

    def _is_ours(self, made: ReviewComment) -> bool:
        return made.author.type == "Bot"

    def _marker(self, pull: Pull) -> Marker:
        return Marker(mark_keys([SECRET]), self.shop.id, pull.number)

    def _open_pulls(self) -> list[Pull]:
        return [pull for pull in self.shop.pulls.values() if pull.state == "open"]

    def _closed_pulls(self) -> list[Pull]:
        return [p for p in self.shop.pulls.values() if p.state == "closed" and p.merged is None]

    def _told(self, what: str) -> str:
        return f"{what}\nseed {self.seed}\n" + "\n".join(f"  {line}" for line in self.log)


def _superseded(body: str) -> bool:
    """Whether a comment that somebody answered says that it no longer holds, or that it continues
    elsewhere.
    """
    return body.startswith((comment.FIXED, "**Still there**"))
