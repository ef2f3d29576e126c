"""From a page to a PDF of both standards: fonts, layout, inspection, issue, signature."""
