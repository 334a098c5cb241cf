-- expect: limit "steps"
-- Its first key only.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 10000 do t["key " .. i] = i end
  while true do local _ = next(t) end
end
return f
