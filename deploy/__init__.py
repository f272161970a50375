"""Starting the whole system on one machine."""
