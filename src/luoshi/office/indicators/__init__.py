"""Providers that subjects register, so that reports and scores are computed from records and not typed."""
