"""The equations once more, agent by agent with loops and scalars, to check the engine against (docs/model.md)."""
