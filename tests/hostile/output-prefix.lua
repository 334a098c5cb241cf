-- expect: limit
-- A long prefix before each of many lines.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  out:prefix(("x"):rep(10000), ("line\n"):rep(1000))
end
return f
