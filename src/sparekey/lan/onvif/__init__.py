"""ONVIF's Device service: the messages of both sides, and the answering side (spec/lan.md section 4)."""
