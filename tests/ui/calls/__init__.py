"""The phone desk by keys and clicks."""
