"""Policies and their judgement of SST projects. Pure: no clock, environment, disk or network."""
