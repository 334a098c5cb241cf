-- expect: limit "steps"
-- A small array that reads as an endless one; nothing comes out.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 8 do t[i] = "" end
  for _ = 1, 40 do t = { t, t, t, t } end
  out(t)
end
return f
