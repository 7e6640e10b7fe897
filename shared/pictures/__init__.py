"""Small pictures of what was uploaded: thumbnails of pictures, and pages of PDFs."""

from shared.pictures.making import CannotBeShown, Pictures, pictures_of

__all__ = ["CannotBeShown", "Pictures", "pictures_of"]
