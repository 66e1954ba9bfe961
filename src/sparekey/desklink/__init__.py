"""The link to the desk: what a device and an installer's tool say to it over HTTPS (spec/desklink.md)."""
