"""GitHub's REST API, as far as the App uses it: a module for each subject, a function for each operation."""
