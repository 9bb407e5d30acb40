"""What the framework of a site decides: its own config files, read by the same interpreter."""

from policy_bot.sst.frameworks.configs import Frameworks

__all__ = ["Frameworks"]
