"""How the network, its calendars and its breakdown structure are made."""
