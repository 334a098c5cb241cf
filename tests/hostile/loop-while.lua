-- expect: limit 6 "steps"
-- The plainest of all.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do end
end
return f
