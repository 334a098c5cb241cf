-- expect: limit "steps"
-- Each coroutine dies of it, and the next is begun.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do coroutine.resume(coroutine.create(function() while true do end end)) end
end
return f
