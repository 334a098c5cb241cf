-- expect: limit "steps"
-- A pcall in a coroutine that yields between its errors.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local step = coroutine.wrap(function()
    while true do pcall(function() coroutine.yield() while true do end end) end
  end)
  while true do pcall(step) end
end
return f
