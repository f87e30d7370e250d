"""公示/公告 (public, redacted, timed) and 提醒 (to a unit), and the outbox both leave through."""
