-- expect: limit "steps"
-- One key goes, another comes, and each time all are placed anew.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, step = {}, (1 << 13) - 1
  for i = 1, 1 << 12 do t[i * step] = true end
  for i = 1, math.huge do t[i * step] = nil t[(i + (1 << 12)) * step] = true end
end
return f
