-- expect: limit "steps"
-- A sequence without an end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local endless = setmetatable({}, { __index = function(_, i) return i end })
  for _ in ipairs(endless) do end
end
return f
