"""Decides whether a response streams to the browser: from its producer through the handler or adapter and the
Lambda to the HTTP entry.
"""
