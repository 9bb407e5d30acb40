"""A small GitHub on loopback, for the demo and the tests. The service never imports it."""
