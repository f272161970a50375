"""Measurements: `make bench` prints them all and writes `benchmarks/latest.json`."""
