"""Reports: asked for, followed, taken, checked."""
