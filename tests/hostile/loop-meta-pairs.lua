-- expect: limit 8 "steps"
-- An endless __pairs.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__pairs = function() while true do end end
  for _ in pairs(t) do end
end
return f
