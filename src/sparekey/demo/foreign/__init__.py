"""Two cameras of another maker, beside the recorder: they speak ONVIF and answer whoever looks for cameras."""
