"""The application: command line, settings and the composition of the other packages."""

__version__ = "0.1.0"
