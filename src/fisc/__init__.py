"""Fisc: a city's revenue office on one system."""

__version__ = "0.1.0"
