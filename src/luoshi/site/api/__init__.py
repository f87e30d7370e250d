"""The JSON API under /api/v1: every action a page can ask, every list a page can show, and the OpenAPI document."""
