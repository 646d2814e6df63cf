"""What runs by itself: planned from the settings, decided by the ledger, run apart."""
