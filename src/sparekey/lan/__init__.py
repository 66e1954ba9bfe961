"""What is spoken on the local network: finding devices, and talking to cameras."""
