"""Reads untrusted source in a process that may be killed, so that a hostile file costs one pull request its verdict."""
