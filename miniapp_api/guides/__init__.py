"""Guide sessions: by tapping over the API, by talking over the chat, and the checklist they end in."""
