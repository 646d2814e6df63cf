"""The record one can show: what was captured, what proves it, and outside time stamps."""
