"""Who answers a turn of the chat: an appointment in hand, the guides, or a plain answer."""
