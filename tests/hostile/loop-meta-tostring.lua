-- expect: limit 8 "steps"
-- An endless __tostring.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__tostring = function() while true do end end
  tostring(t)
end
return f
