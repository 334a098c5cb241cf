-- expect: limit 8 "steps"
-- An endless __unm.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__unm = function() while true do end end
  local _ = -t
end
return f
