"""Cases (办件): the law's clock, the states, and who may do what."""
