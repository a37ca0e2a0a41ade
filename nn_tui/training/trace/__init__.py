"""One sample walked through the net, forward and backward, number by number, to the update of every weight."""
