-- expect: limit "steps"
-- A flooded table, visited in order.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t, step = {}, (1 << 14) - 1
  for i = 1, 1 << 13 do t[i * step] = true end
  while true do for _ in pairs(t) do end end
end
return f
