"""The agent that runs on a camera or recorder: accounts, login, recovery, pages."""
