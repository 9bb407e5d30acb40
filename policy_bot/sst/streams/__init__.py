"""Whether a response streams to the browser: from the code that produces it, through the handler or adapter
and the Lambda, to the entry in front.
"""
