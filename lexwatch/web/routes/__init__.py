"""What the site answers, by subject: each module makes its routes."""
