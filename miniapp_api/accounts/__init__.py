"""Who is asking: anonymous visitors today, citizens and staff later."""
