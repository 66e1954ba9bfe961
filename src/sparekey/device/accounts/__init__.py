"""Where the passwords of the people live: one file per account store, and the journal that both go through."""
