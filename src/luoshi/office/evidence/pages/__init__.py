"""Handing files out."""
