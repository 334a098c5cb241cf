-- expect: limit "memory"
-- Tables in tables.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  while true do t = { t } end
end
return f
