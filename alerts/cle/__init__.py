"""What a packet for continuing legal education says."""
