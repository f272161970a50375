"""The people for whom something is done: the citizens themselves and relatives whom they help."""
