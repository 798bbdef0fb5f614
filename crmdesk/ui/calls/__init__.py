"""The phone desk: the call being written, who it is, and the list of calls."""
