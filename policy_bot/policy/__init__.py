"""What is demanded of an SST project. Pure: no clock, environment, disk or network."""
