-- expect: limit 8 "steps"
-- An endless __call.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__call = function() while true do end end
  t()
end
return f
