-- expect: limit "steps"
-- What a pattern used up stays used up.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do pcall(string.find, ("a"):rep(100000), "a*a*b") end
end
return f
