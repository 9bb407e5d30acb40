"""From what the interpreter recorded to what the project means: Lambdas, sites, queues, crashes, subjects."""
