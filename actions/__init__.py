"""Rasa's action server: hands each turn of a conversation to the API and utters the reply.

It holds no model and no database, decides nothing, and speaks to the API as the citizen.
"""
