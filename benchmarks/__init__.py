"""Measurements to be run by hand, each beside the plain alternative in the same run."""
