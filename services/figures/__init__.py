"""Every figure as known at a moment; reads the ledger, writes nothing."""
