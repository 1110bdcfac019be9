"""Frame in, small frame out: everything that is counted or linked, without a picture."""
