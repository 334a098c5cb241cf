-- expect: limit "steps"
-- Many values, over and over.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 50000 do t[i] = i end
  while true do local _ = select("#", table.unpack(t)) end
end
return f
