-- expect: limit "steps"
-- A field that is looked for in the same table.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  t.__index = t
  setmetatable(t, t)
  while true do pcall(function() return t.x end) end
end
return f
