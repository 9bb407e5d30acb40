"""Pages for people: where an organisation stands, what is deployed, policies, a place to try a config.

Server-rendered, without a request to any other host and with one small script (the theme). Who is signed in
and what they may see is `door`'s; every page asks it.
"""
