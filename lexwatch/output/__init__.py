"""What is shown: lines for a terminal, JSON, and results as files."""
