"""The learning rate that suits a scenario, found by trying."""
