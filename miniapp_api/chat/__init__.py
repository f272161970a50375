"""Conversations: what citizens say, on its way to Rasa and the guides, and what they are told."""
