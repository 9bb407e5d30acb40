"""Deployment policy for SST apps at the pull request."""

__version__ = "0.1.0"
