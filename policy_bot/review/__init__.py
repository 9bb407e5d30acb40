"""The check and the comments that a pull request should have. Pure: no clock, environment, disk or
network.
"""
