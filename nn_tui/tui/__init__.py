"""What a person sees and touches: the lab. It sends commands and draws frames, and never touches a network."""
