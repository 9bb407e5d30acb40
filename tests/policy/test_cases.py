from __future__ import annotations

from policy_bot.policy.cases import CONFIG, CaseMark, read, without_marks

TEXT = """\
---
title: x
---

## Example

```ts
new sst.aws.Function("A", {
  timeout: 300, // fail: duration
})
```

## Cases

### Two files, a stage and a parameter

```ts infra/a.ts
export const t = process.env.T // unknown in dev, pr-12
```

```ts stages=pr-12 least=60
await import("./infra/a")
```

```ts fixed
done()
```

### Whole configs are left alone

```ts
export default $config({}) // fail
```

```ts
export default $config({}) // fail in production
```
"""


def test_sections_are_cases() -> None:
    cases = read(TEXT)
    assert [case.name for case in cases] == ["Example", "Two files, a stage and a parameter"] + [
        "Whole configs are left alone"
    ] * 2


def test_a_body_of_run_is_wrapped_and_its_lines_are_found_again() -> None:
    example = read(TEXT)[0]
    assert example.files[CONFIG].startswith("export default $config({")
    [mark] = example.marks
    assert mark == CaseMark(CONFIG, 5, "fail", (), "duration")
    assert (
        TEXT.split("\n")[example.line_in_policy(CONFIG, mark.line) - 1] == "  timeout: 300, // fail: duration"
    )


def test_words_after_the_language() -> None:
    case = read(TEXT)[1]
    assert list(case.files) == ["infra/a.ts", CONFIG]
    assert case.marks == [CaseMark("infra/a.ts", 1, "unknown", ("dev", "pr-12"), "")]
    assert (case.stages, case.parameters) == (("pr-12",), {"least": "60"})
    assert "done()" in case.fixed[CONFIG]


def test_marks_are_left_out_of_comparisons() -> None:
    assert without_marks("a: 1, // fail in dev: x\nb // kept") == "a: 1,\nb // kept"
