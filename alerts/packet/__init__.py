"""What a packet is made of, and its writers."""
