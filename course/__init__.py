"""The course as a site: lessons and reference as pages that need neither Python nor a server."""
