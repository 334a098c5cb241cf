-- expect: limit "steps"
-- A field that is to be set in the same table.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  t.__newindex = t
  setmetatable(t, t)
  while true do pcall(function() t.x = 1 end) end
end
return f
