"""The API speaks with a Rasa."""

from tests.with_rasa import app, patience, rasa, settings

__all__ = ["app", "patience", "rasa", "settings"]
