-- expect: limit "steps"
-- The shortest run, then a longer one, in many places.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(5000):match(".-.-.-.-b")
end
return f
