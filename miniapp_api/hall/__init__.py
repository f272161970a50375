"""What happens on the day: check-in, tickets, calls."""
