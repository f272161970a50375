"""The pages of staff, and the public call board."""
