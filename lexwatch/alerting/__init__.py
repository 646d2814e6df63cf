"""What readers are sent: matched, composed, sent once; calendars and feeds."""
