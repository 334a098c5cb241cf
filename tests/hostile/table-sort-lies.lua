-- expect: limit "steps"
-- A comparison that always says yes, over many.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 50000 do t[i] = i end
  while true do table.sort(t, function() return true end) end
end
return f
