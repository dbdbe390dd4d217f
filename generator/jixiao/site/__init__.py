"""From Markdown pages to the files of a website: HTML, search indexes, feeds, sitemaps, security policy."""
