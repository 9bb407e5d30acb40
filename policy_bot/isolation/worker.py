"""`python -m policy_bot.isolation.worker`: the kept reading process, whose parent speaks on its standard
streams.
"""

from __future__ import annotations

import json
import os
import sys

from policy_bot.isolation.child import serve
from policy_bot.isolation.limits import Bounds
from policy_bot.isolation.wire import Line

NICENESS = 5
"""Below the service: whatever is read, webhooks are answered and leases renewed first."""


def main() -> None:
    """Serve until the parent hangs up."""
    os.nice(NICENESS)
    line = Line(os.dup(0), os.dup(1))
    os.dup2(2, 1)  # what anything prints by mistake goes to the log, not between the frames
    serve(line, Bounds(**json.loads(sys.argv[1])))


if __name__ == "__main__":
    main()
