"""Pages for people: organisations, deployed functions, policies, and a form to try a config.

Rendered on the server, without requests to other hosts and with one small script (the theme). Every page asks
`access` what the signed-in person may see. Their templates are in `templates/pages/`.
"""
