"""Words other apps use when they index: the access token of things that anybody may find."""

from zhengtong.kernel.inventory import Activity, Basis

PUBLIC = "public"

# the page shows at most this many of the best; a search that meets more is too wide to be useful
MOST_RANKED = 1000
PAGE_SIZE = 10
MOST_SUGGESTED = 6

#: what the index holds data for
INDEX = Activity(purpose="查找公开的事项和页面", basis=Basis.DUTY, kept="与所指的对象一起删除")
