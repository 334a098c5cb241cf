-- expect: limit "steps"
-- Many values, copied to be counted.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function count(...) while true do local _ = select("#", ...) end end
  local t = {}
  for i = 1, 100000 do t[i] = i end
  count(table.unpack(t))
end
return f
