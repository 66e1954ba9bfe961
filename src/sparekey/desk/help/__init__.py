"""The public pages of support: ask for help, see how a case stands, find the way that is open."""
