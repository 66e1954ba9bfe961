"""What every part says, in the languages it says it in."""
