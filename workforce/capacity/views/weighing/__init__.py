"""Steps that weigh a decision."""
