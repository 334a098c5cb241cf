-- expect: limit "steps"
-- The loop is in a coroutine.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  coroutine.wrap(function() while true do end end)()
end
return f
