"""Turn what came back for a source into items, word for word; `page.extract` begins."""
