-- expect: limit
-- A small table that reads as an endless one.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = { "x" }
  for _ = 1, 30 do t = { t, t, t, t } end
  local _ = news.json(t)
end
return f
