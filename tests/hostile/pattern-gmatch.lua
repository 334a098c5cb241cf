-- expect: limit "steps"
-- An iterator over matches that are hard to find.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _ in (("a"):rep(20000) .. "b"):gmatch("a*a*c") do end
end
return f
