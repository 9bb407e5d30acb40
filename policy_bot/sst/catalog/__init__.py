"""Streaming and timeouts of SST's components as data, by release; see `docs/catalog.md`.

`lambdas` lists the arguments and methods that make a Lambda, `sites` the behaviour of a site's server,
`contract` what the CLI reads of a config and refuses.
"""
