"""The details page of a verdict: what is stored when a commit is judged, and how it is shown later."""
