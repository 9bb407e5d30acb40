"""Reads the files around a config: resolves imports, finds declared packages and the release of SST."""
