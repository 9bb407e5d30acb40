"""What a person at the desk did not mean to do, said in one line."""

from __future__ import annotations


class Problem(Exception):
    """A usage or settings error: what is wrong and how to mend it. Shown on stderr without a traceback, exit
    status 2.
    """
