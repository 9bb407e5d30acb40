"""Reads the files around a config: what imports lead to, what packages it asks for, which release of SST."""
