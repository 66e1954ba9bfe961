"""What any process needs to run a machine: driver, stores, clock, entropy, configuration, problems."""
