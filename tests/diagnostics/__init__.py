"""Each case folder is a spec and exactly what apigen says of it."""
