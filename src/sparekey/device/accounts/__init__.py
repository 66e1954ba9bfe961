"""Where people's passwords live: one file per account store, and the journal that changes go through."""
