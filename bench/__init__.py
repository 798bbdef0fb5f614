"""How fast, how small: ``python -m bench`` measures the program beside the barest code that does the same work.

Each work is a pair: what the program does, and its *floor*, the same done with nothing but the driver, a bare canvas
or an empty window. Both run in turns, so that a noisy machine disturbs both alike; what counts is the ratio.
"""
