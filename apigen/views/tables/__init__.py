"""Tables as data, and as the source of what is made of them: what rows and migrations share."""
