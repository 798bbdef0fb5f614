"""The sales desk: the list of slips and the slip being written."""
