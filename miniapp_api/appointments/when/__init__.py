"""When a citizen wants to come, read from free Chinese. Pure: no Flask, no database."""

from miniapp_api.appointments.when.reader import read
from miniapp_api.appointments.when.wish import Calendar, Doubt, Span, Wish

__all__ = ["Calendar", "Doubt", "Span", "Wish", "read"]
