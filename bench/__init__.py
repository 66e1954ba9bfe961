"""What it must reach: measured side by side on one machine, written down, never asserted."""
