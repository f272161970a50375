"""Tests of the conversation between the API and Rasa, as seen from the main environment."""
