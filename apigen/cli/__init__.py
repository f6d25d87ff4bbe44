"""The command line: one module a command; `console` alone prints."""
