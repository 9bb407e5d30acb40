"""All communication with GitHub."""
