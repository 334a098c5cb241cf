-- expect: limit "steps"
-- Always at the front of a long table.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 50000 do t[i] = i end
  while true do table.insert(t, 1, 0) table.remove(t, 1) end
end
return f
