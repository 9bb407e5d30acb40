"""The same engine at a desk."""
