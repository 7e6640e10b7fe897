"""ViSOR is accessed before release on temporary licence is approved (PF-5.23)."""
