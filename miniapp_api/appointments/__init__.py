"""Slots and bookings, never oversold."""
