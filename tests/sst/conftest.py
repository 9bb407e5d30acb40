"""Property tests are not held to a time for each example: machines differ, and so do their moods."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
