"""Appointments in the chat: booking, changing, cancelling, in free Chinese and by tapping."""

from miniapp_api.appointments.talking.state import Surroundings
from miniapp_api.appointments.talking.turns import Reply, take_turn

__all__ = ["Reply", "Surroundings", "take_turn"]
