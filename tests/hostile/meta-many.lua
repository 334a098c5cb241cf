-- expect: limit
-- A metatable for each of many tables.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local kept = {}
  while true do kept[#kept + 1] = setmetatable({}, {}) end
end
return f
