"""GitHub's REST API, as far as the App uses it: one module a subject, one function an operation."""
