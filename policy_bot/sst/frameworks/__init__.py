"""Settings of a site that its framework's config files decide, read by the same interpreter."""

from policy_bot.sst.frameworks.configs import Frameworks

__all__ = ["Frameworks"]
