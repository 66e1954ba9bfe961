"""A camera's own page, shown through the recorder: each at a door of its own, so that it meets neither the recorder's
pages nor another camera's (threat T40).
"""
