-- expect: limit "output"
-- Markup without end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do out:raw(("x"):rep(10000), "\n") end
end
return f
