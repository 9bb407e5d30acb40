"""Questions to a reading process, which parses, matches and evaluates all text of a repository.

Each question is a record that is sent over the pipe and answered there, from plain data to plain data. The
process has limits of CPU time and memory, so a policy file, pattern or expression that explodes ends as a
named limit and costs the service one process.
"""
