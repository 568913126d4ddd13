"""Solutions of the exercises of docs/lr_scheduler.md."""
