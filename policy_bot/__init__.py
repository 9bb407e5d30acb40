"""Deployment policy for SST apps at the pull request.

`check_project` and `read_project` are the Python interface; see `policy_bot.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.api import Problem, check_project, read_project

__version__ = "0.1.0"
HOMEPAGE = "https://github.com/acme/policy-bot"
"""Where the source and its pages are. `acme` is an example: whoever publishes a copy changes it here, and
`tests/test_house.py` names the other places that repeat it.
"""
__all__ = ["Problem", "__version__", "check_project", "read_project"]


def __getattr__(name: str) -> object:
    """Loads the interface when it is first asked for: a command starts without it."""
    if name not in __all__:
        raise AttributeError(name)
    from policy_bot import api  # noqa: PLC0415 -- see above

    return getattr(api, name)
