"""The machines of docs/guide/ha.md on loopback addresses: run, killed, and asked."""
