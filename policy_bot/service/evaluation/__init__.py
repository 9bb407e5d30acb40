"""From a pull request that is due to one that shows what it should: look, judge, plan, publish."""
