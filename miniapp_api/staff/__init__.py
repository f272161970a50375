"""People who work in the halls: who they are, and what they may do."""
