-- expect: limit 7 "steps"
-- Without a word that loops.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  ::again::
  goto again
end
return f
