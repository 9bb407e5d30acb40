"""One writer per output format, each a function from what was found to text."""
