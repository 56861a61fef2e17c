"""Asset checks that look at a whole published table again; each can be run from the UI."""
