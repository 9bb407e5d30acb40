"""Evaluates a due pull request: query, judge, plan, publish."""
