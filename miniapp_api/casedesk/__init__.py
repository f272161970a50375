"""The pages on which staff work on cases: counter, back office, delivery, superior."""
