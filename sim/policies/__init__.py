"""Levers: who is treated, when, how much, who pays. What then happens is for the processes."""
