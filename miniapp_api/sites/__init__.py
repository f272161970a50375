"""The halls, stations and counters of a city, and what each accepts."""
