"""`python -m policy_bot.isolation.worker`: the reading process behind `launch.start`, on standard streams."""

from __future__ import annotations

import json
import os
import sys

from policy_bot.isolation.activity import Notes
from policy_bot.isolation.child import serve
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.wire import Line

NICENESS = 5
"""Niceness below the service's, so that webhooks and leases come first."""


def main() -> None:
    """Serves until the parent disconnects."""
    os.nice(NICENESS)
    line = Line(os.dup(0), os.dup(1))
    os.dup2(2, 1)  # stray prints go to the log instead of between the frames
    serve(line, Notes(int(sys.argv[2])), Bounds(**json.loads(sys.argv[1])))


if __name__ == "__main__":
    main()
