-- expect: limit "steps"
-- Many values handed back and forth.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 20000 do t[i] = i end
  local step = coroutine.wrap(function(...) while true do coroutine.yield(...) end end)
  while true do step(table.unpack(t)) end
end
return f
