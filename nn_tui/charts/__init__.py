"""What charts share, whether they are printed at the shell or drawn in the lab."""
