-- expect: limit 6 "steps"
-- Tries every way to share out two hundred thousand letters.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(200000):find("a*a*b")
end
return f
