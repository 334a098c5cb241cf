-- expect: limit "steps"
-- The same, caught.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__call = t
  while true do pcall(t) end
end
return f
