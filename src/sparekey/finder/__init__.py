"""The installers' tool: finds every camera and recorder on the network, and gets people back into ours."""
