-- expect: limit 8 "steps"
-- An endless __eq.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__eq = function() while true do end end
  local _ = t == setmetatable({}, getmetatable(t))
end
return f
