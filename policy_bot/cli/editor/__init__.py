"""The engine in an editor, over the Language Server Protocol. Nothing else imports pygls.

`session` reads and judges the open files, with unsaved text; `diagnostics`, `functions`, `actions` and
`completion` convert its answers to the protocol; `server` connects the two.
"""
