"""The tool's screens, one file each; loaded only when they are called, and calling what the commands call."""
