"""The same lessons through `torch.nn`, `torch.optim`, `DataLoader`."""
