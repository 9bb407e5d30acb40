"""What an SST project means. Pure: no clock, environment, disk or network."""
