"""The linter of the catalogue."""
