"""Deployment policy for SST apps at the pull request.

`check_project` and `read_project` are the Python interface; see `policy_bot.api`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policy_bot.api import Problem, check_project, read_project

__version__ = "0.1.0"
HOMEPAGE = "https://github.com/acme/policy-bot"
"""Address of the source and its pages. `acme` is an example: whoever publishes a copy changes it here, and
`tests/test_house.py` lists the other places to change.
"""
__all__ = ["Problem", "__version__", "check_project", "read_project"]


def __getattr__(name: str) -> object:
    """Imports the interface on first use, so that commands start without it."""
    if name not in __all__:
        raise AttributeError(name)
    from policy_bot import api  # noqa: PLC0415 -- see above

    return getattr(api, name)
