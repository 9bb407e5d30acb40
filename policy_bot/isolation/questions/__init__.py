"""What is asked of a reading process: everything that parses, matches or evaluates text of a repository.

Each question is a record that crosses the pipe and is answered there, from plain data to plain data. The
process has a limit of CPU time and of memory, so that a policy file, a pattern or an expression that explodes
ends as a limit with a name, and costs the service a process.
"""
