"""What the composition root puts together: opening the data, making a window, this PC's settings, what may wait."""
