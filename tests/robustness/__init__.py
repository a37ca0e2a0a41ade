"""What can go wrong from outside, tried at random: kills, odd inputs, odd keys. Each file can be run by itself."""
