"""Progress of cases from and to other systems."""
