"""One writer per output format: a function from a report to text."""
