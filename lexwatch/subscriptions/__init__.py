"""Subscriptions: what somebody may want, tried before it begins, and ended."""
