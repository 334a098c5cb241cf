-- expect: limit "steps"
-- Coroutines too short for any hook.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local n = 0
  while true do coroutine.wrap(function() for _ = 1, 50 do n = n + 1 end end)() end
end
return f
