"""`python -m policy_bot.isolation.worker`: the kept reading process. Its standard input is the socket to its
parent.
"""

from __future__ import annotations

import json
import socket
import sys

from policy_bot.isolation.child import serve
from policy_bot.isolation.limits import Bounds


def main() -> None:
    """Serve until the parent hangs up."""
    with socket.socket(fileno=0) as connection:
        serve(connection, Bounds(**json.loads(sys.argv[1])), forked=False)


if __name__ == "__main__":
    main()
