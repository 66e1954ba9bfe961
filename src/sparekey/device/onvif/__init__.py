"""The device as other makers' systems see it: ONVIF's Device service, for users of its own (spec/lan.md section 4)."""
