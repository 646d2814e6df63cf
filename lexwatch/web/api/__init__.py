"""What the pages show, as JSON for the office's own programs."""
