"""Changing the desk's keys: new ones beside the old, the trust file that tells devices, and the end of a leaked one."""
