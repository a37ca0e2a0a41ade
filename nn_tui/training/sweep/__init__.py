"""Many runs of one scenario, each with other values of some keys: here in several processes, or on a cluster."""
