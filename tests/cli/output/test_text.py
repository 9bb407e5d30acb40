"""What people read: laid out for 80 columns, safe to print, colour only where asked for."""

import re

from policy_bot.cli.output import text
from policy_bot.cli.output.style import Style, safe, width
from tests.cli.examples import BROKEN, CLEAN, EMPTY, MIXED, ON_TRIAL, PLAIN

REPORT = """\
sst.config.ts:5:52 warning ops/logging
    5 | ... handler: "a.b", streaming: true, url: true, timeout: "60 seconds"...
      |                     ^^^^^^^^^^^^^^^
  A warning.
  in       production, sst dev
  origin   retries: default of SST 4.17.1
  more     policy-bot explain ops/logging

sst.config.ts:5:69 excused streaming/excused
    5 | ...streaming: true, url: true, timeout: "60 seconds" });
      |                     ^^^^^^^^^
  `Chät` streams its answer and is cut off after 60 seconds; at least 300
  seconds are asked for.
  in       production, sst dev
  origin   retries: default of SST 4.17.1
  excused  moves in Q3 (until 2027-01-31, @acme/platform;
           .github/policy-bot.yml:4)
  more     policy-bot explain streaming/excused

sst.config.ts:5:89 error timeout/too-short
    5 | ...: true, timeout: "60 seconds" });
      |                     ^^^^^^^^^^^^
  `Chät` streams its answer and is cut off after 60 seconds; at least 300
  seconds are asked for.
  in       production, sst dev
  origin   retries: default of SST 4.17.1
  fix      Set `timeout` to 300 seconds
    5 - ... true, timeout: "60 seconds" });
    5 + ... true, timeout: "300 seconds" });
  more     policy-bot explain timeout/too-short

sst.config.ts:6:61 cannot tell timeout/too-short
    6 | ... "a.b", timeout: process.env.T });
      |                     ^^^^^^^^^^^^^
  Cannot tell: `timeout` is unknown: process.env is not known.
  in       production, sst dev
  origin   timeout: sst.config.ts:5; retries: default of SST 4.17.1

1 project (SST 4.17.1): 1 error, 1 warning, 1 cannot tell, 1 excused. 1 can be
fixed by `policy-bot fix`."""

EXPLAINED = """\
  because  timeout = 60
             <- literal  sst.config.ts:5
           retries = 2
             <- default of SST 4.17.1
  setting  minimum = 300 (default)
  rule     timeout >= minimum
  SST      4.17.1"""


def test_each_finding_has_its_line_why_and_how_to_fix_it() -> None:
    assert text.render(MIXED, PLAIN) == REPORT


def test_explained_each_fact_shows_its_derivation_and_the_settings_theirs() -> None:
    assert EXPLAINED in text.render(MIXED, PLAIN, text.Detail(explain=True))


def test_a_line_never_passes_the_width_of_a_terminal() -> None:
    for explain in (False, True):
        lines = text.render(MIXED, PLAIN, text.Detail(explain=explain)).splitlines()
        assert max(width(line) for line in lines) <= 80


def test_colour_changes_nothing_but_the_colour() -> None:
    painted = text.render(MIXED, Style(colour=True))
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == REPORT


def test_what_is_not_enforced_says_so_in_its_place_and_at_the_end() -> None:
    said = text.render(ON_TRIAL, PLAIN)
    assert "sst.config.ts:5:52 error (not enforced) ops/logging\n" in said
    assert (
        "  mode     enforce from 2027-03-01 (set by .github/policy-bot.yml:2\n           (repository))\n"
        in said
    )
    assert "  mode     evaluate (set by policy-bot.yml:3 (organisation))\n" in said
    assert said.endswith("1 project (SST 4.17.1): 2 errors (not enforced), 1 about settings.")


def test_what_is_reported_of_the_settings_keeps_its_level() -> None:
    said = ".github/policy-bot.yml:4:5 error settings\n  the waiver of `ops/logging` ended\n"
    assert said in text.render(ON_TRIAL, PLAIN)


def test_nothing_found_is_reported_in_one_line() -> None:
    assert text.render(CLEAN, PLAIN) == "1 project (SST 4.17.1): no findings."
    assert text.render(EMPTY, PLAIN) == "No SST project here (no sst.config.ts in this folder or below)."


def test_what_could_not_be_judged_shows_the_place_and_why() -> None:
    assert text.render(BROKEN, PLAIN) == (
        "sst.config.ts:7:3 error config/syntax-error\n    7 | },\n      | ^^\n"
        "  `sst.config.ts` could not be read from here on: unexpected `}`.\n"
        "  in       production, sst dev\n"
        "  more     policy-bot explain config/syntax-error\n\n"
        "1 project (SST 4.17.1): 1 error."
    )


def test_text_of_a_project_cannot_steer_the_terminal() -> None:
    assert safe("a\x1b[2Jb\u202ec\td\ne") == "a\\x1b[2Jb\\u202ec d e"
