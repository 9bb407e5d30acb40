"""Derives deployments from the interpreter's recording: Lambdas, sites, queues, crashes, subjects."""
