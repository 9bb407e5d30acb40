"""The engine in an editor, over the Language Server Protocol: the only place of pygls.

`session` reads and judges what is open, unsaved text included; `diagnostics`, `functions`, `actions` and
`completion` turn its answers into the protocol's; `server` is the wiring.
"""
