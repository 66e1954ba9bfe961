"""What the desk must not forget: mails that wait, and how many went where."""
