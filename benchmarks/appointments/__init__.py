"""Appointments and the hall: promised places under crowds and kills, speed beside bare SQL, and the calendar."""
