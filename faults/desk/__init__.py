"""What fails around a desk that runs: its own process, its mail server, its disk, its memory, its clock."""
