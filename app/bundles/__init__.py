"""The whole knowledge base as the bundles that tell it, in one file."""
