-- expect: limit "steps"
-- The same again, as long as can be.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(100000):match("^(a*)(a*)%1%2b")
end
return f
