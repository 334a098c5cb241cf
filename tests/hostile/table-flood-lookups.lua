-- expect: limit "steps"
-- A flooded table that is small enough to be had, and is then asked for what it has not.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, step = {}, (1 << 14) - 1
  for i = 1, 1 << 13 do t[i * step] = true end
  for i = 1, math.huge do local _ = t[(i + (1 << 14)) * step] end
end
return f
