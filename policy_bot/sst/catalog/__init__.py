"""What SST's components do with streaming and timeouts, as data: adding a component or a release is a change
here alone.

`functions` says which argument or method makes a Lambda, `sites` what a site's server does, `contract` what
the CLI reads of a config and refuses. `docs/catalog.md` says how to add to it.
"""
