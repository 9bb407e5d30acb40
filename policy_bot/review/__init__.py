"""What a pull request ought to show. Pure: no clock, environment, disk or network."""
