"""The phone's web app: what a locked-out owner opens by pointing a camera at the screen."""
