"""The language the three services have in common; no service's business."""
