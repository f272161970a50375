"""Tools for the authors of themes: simulation, mutation, reports, differences, and their command line.

Every function returns data; `guidance.__main__` prints it.
"""
