-- expect: limit
-- Ever new short strings, all kept.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, math.huge do t[i] = "s" .. i end
end
return f
