"""Rows for the pages, feeds and forecasts of this part."""
