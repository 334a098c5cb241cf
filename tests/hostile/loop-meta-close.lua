-- expect: limit 8 "steps"
-- An endless __close.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__close = function() while true do end end
  local _ <close> = t
end
return f
