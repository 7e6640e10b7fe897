"""Reports: declared once, then a page, a JSON endpoint, a picture where it says more, CSV and XLSX, each audited."""
