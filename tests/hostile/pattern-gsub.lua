-- expect: limit "steps"
-- Replacing what is hard to find.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(100000):gsub("a-b", "")
end
return f
