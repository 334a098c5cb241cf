-- expect: script "C stack overflow"
-- A table that is called by calling itself; in Lua that never ends.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local t = setmetatable({}, meta)
  meta.__call = t
  t()
end
return f
