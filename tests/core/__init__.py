"""Tests of the pure words."""
