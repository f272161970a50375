"""A bot as Rasa's documentation would have it for Chinese, to measure ours against."""
