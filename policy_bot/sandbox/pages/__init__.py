"""The sandbox's pages for people, similar to GitHub's."""
