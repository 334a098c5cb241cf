-- expect: limit "steps"
-- Two that resume each other by way of a third.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a = coroutine.wrap(function() while true do coroutine.yield() end end)
  local b = coroutine.wrap(function() while true do a() coroutine.yield() end end)
  while true do b() end
end
return f
