"""What a document says: content models, forms, charts, and the only room that knows Jinja and WeasyPrint."""
