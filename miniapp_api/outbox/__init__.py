"""Messages that citizens are owed, sent after what caused them is committed."""
