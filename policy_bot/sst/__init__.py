"""Reads SST projects and derives their deployments. Pure: no clock, environment, disk or network."""
