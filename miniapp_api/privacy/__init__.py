"""What is personal: sealed fields, who read them, how long they are kept."""
