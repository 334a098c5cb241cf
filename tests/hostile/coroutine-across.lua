-- expect: script "yield across"
-- A yield out of the middle of a line.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  coroutine.wrap(function() out:line(coroutine.yield) end)()
end
return f
