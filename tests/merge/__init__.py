"""Each case folder is three versions of a file and what becomes of them."""
