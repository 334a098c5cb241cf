-- expect: limit 8 "steps"
-- An endless __newindex.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__newindex = function() while true do end end
  t.x = 1
end
return f
