-- expect: limit "steps"
-- Calls that take no stack.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function again() return again() end
  again()
end
return f
