"""Words other apps use when they index: the access token of things that anybody may find."""

PUBLIC = "public"

# the page shows at most this many of the best; a search that meets more is too wide to be useful
MOST_RANKED = 1000
PAGE_SIZE = 10
MOST_SUGGESTED = 6
