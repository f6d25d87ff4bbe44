"""Where the time of a request goes: a sampling profile of a generated service under load."""
