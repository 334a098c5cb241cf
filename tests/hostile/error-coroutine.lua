-- expect: script 6 "boom"
-- Where a coroutine failed is where the error is.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local step = coroutine.wrap(function() error("boom") end)
  step()
end
return f
