"""The sandbox's pages for people, which look like GitHub's."""
